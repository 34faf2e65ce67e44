import { FALLBACK_LANGUAGE, type LanguageTag } from '@farandole/kernel/language';
import { signal } from '@preact/signals';
import type { LocaleFiles } from './locale-files.ts';
import { rememberLanguage } from './remembered-language.ts';
import { Sentences, type WordTree, type WordValues } from './sentences.ts';

type Singular<Name extends string> = Name extends `${infer Base}_${
  | 'zero'
  | 'one'
  | 'many'
  | 'other'}`
  ? Base
  : Name;

export type KeysOf<Tree, Prefix extends string = ''> = {
  [Name in keyof Tree & string]: Tree[Name] extends string
    ? `${Prefix}${Singular<Name>}`
    : KeysOf<Tree[Name], `${Prefix}${Name}.`>;
}[keyof Tree & string];

export type LoadWords = (language: LanguageTag) => Promise<WordTree>;

/**
 * Provides the interface sentences of the current language. Loads the files of a language when
 * it is first used.
 */
export class Words<Key extends string> {
  readonly #languages: Readonly<Record<LanguageTag, LocaleFiles['language']>>;
  readonly #sentences = new Sentences();
  readonly #current = signal<LanguageTag>(FALLBACK_LANGUAGE);
  readonly #files: LoadWords[];

  /** @param first loaders of the language files that the first screen needs */
  constructor(
    languages: Readonly<Record<LanguageTag, LocaleFiles['language']>>,
    first: readonly LoadWords[],
  ) {
    this.#languages = languages;
    this.#files = [...first];
  }

  /**
   * The current language. A component that reads `language` or calls `say` is rendered again
   * when it changes.
   */
  get language(): LanguageTag {
    return this.#current.value;
  }

  /**
   * Adds a language file. Loads it in the current language now, and later in each language that
   * `use` selects.
   * @throws The import's error.
   */
  async add(file: LoadWords): Promise<void> {
    if (!this.#files.includes(file)) this.#files.push(file);
    await this.#fetch(file, this.#current.peek());
  }

  /**
   * Loads a language and switches to it.
   * @throws The import's error; the current language then stays.
   */
  async use(language: LanguageTag): Promise<void> {
    await this.load(language);
    this.#current.value = language;
    document.documentElement.lang = language;
    document.documentElement.dir = this.#languages[language]?.direction ?? 'ltr';
  }

  /**
   * Loads all added files of a language.
   * @throws The import's error.
   */
  async load(language: LanguageTag): Promise<void> {
    await Promise.all(this.#files.map((file) => this.#fetch(file, language)));
  }

  async switchTo(language: LanguageTag): Promise<void> {
    await this.use(language);
    rememberLanguage(language);
  }

  say(key: Key, values: WordValues): string {
    return this.#sentences.say(this.#current.value, key, values);
  }

  async #fetch(file: LoadWords, language: LanguageTag): Promise<void> {
    this.#sentences.add(language, String(this.#files.indexOf(file)), await file(language));
  }
}

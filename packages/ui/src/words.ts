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

/** A sentence's name in a tree, such as `landing.title`; a plural is named without its ending. */
export type KeysOf<Tree, Prefix extends string = ''> = {
  [Name in keyof Tree & string]: Tree[Name] extends string
    ? `${Prefix}${Singular<Name>}`
    : KeysOf<Tree[Name], `${Prefix}${Name}.`>;
}[keyof Tree & string];

/** Fetches one file of a language. */
export type LoadWords = (language: LanguageTag) => Promise<WordTree>;

/** What a page says, in the language in force. Files are fetched when they are first needed. */
export class Words<Key extends string> {
  readonly #languages: Readonly<Record<LanguageTag, LocaleFiles['language']>>;
  readonly #sentences = new Sentences();
  readonly #current = signal<LanguageTag>(FALLBACK_LANGUAGE);
  readonly #files: LoadWords[];

  /** @param first the files that the first screen needs */
  constructor(
    languages: Readonly<Record<LanguageTag, LocaleFiles['language']>>,
    first: readonly LoadWords[],
  ) {
    this.#languages = languages;
    this.#files = [...first];
  }

  /** The language in force: a component that reads it, or calls `say`, is drawn anew on a change. */
  get language(): LanguageTag {
    return this.#current.value;
  }

  /**
   * Adds a file, in the language in force and in those to come.
   *
   * @throws The import's error where it can't be had in the language in force.
   */
  async add(file: LoadWords): Promise<void> {
    if (!this.#files.includes(file)) this.#files.push(file);
    await this.#fetch(file, this.#current.peek());
  }

  /**
   * Fetches a language and makes it the page's.
   *
   * @throws The import's error where the files can't be had; the page keeps the language it has.
   */
  async use(language: LanguageTag): Promise<void> {
    await this.load(language);
    this.#current.value = language;
    document.documentElement.lang = language;
    document.documentElement.dir = this.#languages[language]?.direction ?? 'ltr';
  }

  /** @throws The import's error where the files can't be had. */
  async load(language: LanguageTag): Promise<void> {
    await Promise.all(this.#files.map((file) => this.#fetch(file, language)));
  }

  /** Uses a language that the person picked, here and at the next visit. */
  async switchTo(language: LanguageTag): Promise<void> {
    await this.use(language);
    rememberLanguage(language);
  }

  /** The sentence of that name with its gaps filled. */
  say(key: Key, values: WordValues): string {
    return this.#sentences.say(this.#current.value, key, values);
  }

  async #fetch(file: LoadWords, language: LanguageTag): Promise<void> {
    this.#sentences.add(language, String(this.#files.indexOf(file)), await file(language));
  }
}

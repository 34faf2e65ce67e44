import { directionOf, Sentences, unparted, type WordTree } from '@farandole/ui/sentences';
import { signal } from '@preact/signals';
import {
  loadWords,
  type PageLanguage,
  rememberPageLanguage,
  type WordFile,
  type Words,
} from './languages.ts';

type Singular<Name extends string> = Name extends `${infer Base}_${
  | 'zero'
  | 'one'
  | 'many'
  | 'other'}`
  ? Base
  : Name;

type KeysOf<Tree, Prefix extends string = ''> = {
  [Name in keyof Tree & string]: Tree[Name] extends string
    ? `${Prefix}${Singular<Name>}`
    : KeysOf<Tree[Name], `${Prefix}${Name}.`>;
}[keyof Tree & string];

/** A sentence's name, such as `landing.title`; a plural is named without its ending. */
export type WordKey = KeysOf<Words['first']> | KeysOf<Words['rest']>;

export type WordValues = Readonly<Record<string, string | number>>;

const sentences = new Sentences();
const current = signal<PageLanguage>('en');
/** What is done to words before they are said: nothing, but in the gallery. */
let adapt = (words: WordTree): WordTree => words;
/** Dear to make, and asked for each language of a list. */
let namer: { readonly language: PageLanguage; readonly names: Intl.DisplayNames } | null = null;
/** Whether anything beyond the first screen has asked for its words. */
let wantsRest = false;

/** The language in force: a component that reads it, or calls `t`, is drawn anew on a change. */
export function pageLanguage(): PageLanguage {
  return current.value;
}

/**
 * Fetches a language and makes it the page's.
 *
 * @throws The import's error where the files can't be had; the page keeps the language it has.
 */
export async function usePageLanguage(language: PageLanguage): Promise<void> {
  const files: readonly WordFile[] = wantsRest ? ['first', 'rest'] : ['first'];
  await Promise.all(files.map((file) => addWords(language, file)));
  current.value = language;
  document.documentElement.lang = language;
  document.documentElement.dir = directionOf(language);
}

/**
 * The words of every other screen, to be had before one is drawn.
 *
 * @throws The import's error where the file can't be had.
 */
export async function loadAllWords(): Promise<void> {
  wantsRest = true;
  await addWords(current.peek(), 'rest');
}

async function addWords(language: PageLanguage, file: WordFile): Promise<void> {
  const words = await loadWords(language, file);
  sentences.add(language, file, adapt(words));
}

/** Has words said otherwise from now on, for a look at how the page bears it. */
export function adaptWords(adaptation: (words: WordTree) => WordTree): void {
  adapt = adaptation;
}

/** What the person picked in the language switch. */
export async function switchPageLanguage(language: PageLanguage): Promise<void> {
  await usePageLanguage(language);
  rememberPageLanguage(language);
}

/** The sentence of that name in the page's language, with its gaps filled. */
export function t(key: WordKey, values: WordValues = {}): string {
  return sentences.say(current.value, key, values);
}

/** What people write, within a sentence: in its own direction, and without a say in the sentence's. */
export function isolated(text: string): string {
  return `\u2068${text}\u2069`;
}

/** A sentence as a person would type it, without the marks that `isolated` puts in. */
export function typed(sentence: string): string {
  return sentence.replaceAll(/[\u2068\u2069]/gu, '');
}

/** "film, cooking and chess", or "or", each item isolated. */
export function listOf(items: readonly string[], type: 'conjunction' | 'disjunction'): string {
  return new Intl.ListFormat(current.value, { type }).format(items.map(isolated));
}

/** A number as it is written in the page's language. */
export function numberOf(value: number): string {
  return new Intl.NumberFormat(current.value).format(value);
}

/** A day and a time of day, where this person is. */
export function momentOf(atMs: number): string {
  const how = { dateStyle: 'long', timeStyle: 'short' } as const;
  return unparted(new Intl.DateTimeFormat(current.value, how).format(atMs));
}

/** A moment of the last day or so: its day of the week is enough. */
export function recentMomentOf(atMs: number): string {
  const how = { weekday: 'long', hour: 'numeric', minute: '2-digit' } as const;
  return new Intl.DateTimeFormat(current.value, how).format(atMs);
}

/** A share of 1 in hundredths, as the page's language writes it. */
export function percentOf(share: number): string {
  return new Intl.NumberFormat(current.value, { style: 'percent' }).format(share);
}

/** The name of a language, in the page's language and with a capital. */
export function languageName(tag: string): string {
  const language = current.value;
  if (namer?.language !== language) {
    namer = { language, names: new Intl.DisplayNames(language, { type: 'language' }) };
  }
  const name = namer.names.of(tag) ?? tag;
  return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
}

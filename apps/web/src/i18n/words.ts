import type { LanguageTag } from '@farandole/kernel/language';
import type { LocaleFiles } from '@farandole/ui/locale-files';
import { LANGUAGES, loadPageFirst, loadPageRest } from '@farandole/ui/locales';
import { unparted, type WordTree, type WordValues } from '@farandole/ui/sentences';
import { type KeysOf, Words } from '@farandole/ui/words';

export type { WordValues } from '@farandole/ui/sentences';

/** A sentence's name, such as `landing.title`; a plural is named without its ending. */
export type WordKey = KeysOf<LocaleFiles['page-first']> | KeysOf<LocaleFiles['page-rest']>;

/** What is done to words before they are said: nothing, but in the gallery. */
let adapt = (words: WordTree): WordTree => words;
/** Dear to make, and asked for each language of a list. */
let namer: { readonly language: LanguageTag; readonly names: Intl.DisplayNames } | null = null;

const rest = async (language: LanguageTag) => adapt(await loadPageRest(language));
const words = new Words<WordKey>(LANGUAGES, [
  async (language) => adapt(await loadPageFirst(language)),
]);

/** The language in force: a component that reads it, or calls `t`, is drawn anew on a change. */
export function pageLanguage(): LanguageTag {
  return words.language;
}

/**
 * Fetches a language and makes it the page's.
 *
 * @throws The import's error where the files can't be had; the page keeps the language it has.
 */
export async function usePageLanguage(language: LanguageTag): Promise<void> {
  await words.use(language);
}

/**
 * The words of every other screen, to be had before one is drawn.
 *
 * @throws The import's error where the file can't be had.
 */
export async function loadAllWords(): Promise<void> {
  await words.add(rest);
}

/** Has words said otherwise from now on, for a look at how the page bears it. */
export function adaptWords(adaptation: (words: WordTree) => WordTree): void {
  adapt = adaptation;
}

/** What the person picked in the language switch. */
export async function switchPageLanguage(language: LanguageTag): Promise<void> {
  await words.switchTo(language);
}

/** The sentence of that name in the page's language, with its gaps filled. */
export function t(key: WordKey, values: WordValues = {}): string {
  return words.say(key, values);
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
  return new Intl.ListFormat(words.language, { type }).format(items.map(isolated));
}

/** A number as it is written in the page's language. */
export function numberOf(value: number): string {
  return new Intl.NumberFormat(words.language).format(value);
}

/** A day and a time of day, where this person is. */
export function momentOf(atMs: number): string {
  const how = { dateStyle: 'long', timeStyle: 'short' } as const;
  return unparted(new Intl.DateTimeFormat(words.language, how).format(atMs));
}

/** A moment of the last day or so: its day of the week is enough. */
export function recentMomentOf(atMs: number): string {
  const how = { weekday: 'long', hour: 'numeric', minute: '2-digit' } as const;
  return new Intl.DateTimeFormat(words.language, how).format(atMs);
}

/** A share of 1 in hundredths, as the page's language writes it. */
export function percentOf(share: number): string {
  return new Intl.NumberFormat(words.language, { style: 'percent' }).format(share);
}

/** The name of a language, in the page's language and with a capital. */
export function languageName(tag: string): string {
  const language = words.language;
  if (namer?.language !== language) {
    namer = { language, names: new Intl.DisplayNames(language, { type: 'language' }) };
  }
  const name = namer.names.of(tag) ?? tag;
  return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
}

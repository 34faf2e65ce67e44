import type { LanguageTag } from '@farandole/kernel/language';
import type { LocaleFiles } from '@farandole/ui/locale-files';
import { LANGUAGES, loadPageFirst, loadPageRest } from '@farandole/ui/locales';
import { unparted, type WordTree, type WordValues } from '@farandole/ui/sentences';
import { type KeysOf, Words } from '@farandole/ui/words';

export type { WordValues } from '@farandole/ui/sentences';

/** The key of a text, such as `landing.title`. A plural's key has no suffix for the plural form. */
export type WordKey = KeysOf<LocaleFiles['page-first']> | KeysOf<LocaleFiles['page-rest']>;

/** Changes all texts. Only the gallery sets this function. */
let adapt = (words: WordTree): WordTree => words;
/** The formatter is cached, because it is expensive and a list needs it once per language. */
let namer: { readonly language: LanguageTag; readonly names: Intl.DisplayNames } | null = null;

const rest = async (language: LanguageTag) => adapt(await loadPageRest(language));
const words = new Words<WordKey>(LANGUAGES, [
  async (language) => adapt(await loadPageFirst(language)),
]);

/** Returns the current language. Components that call this render again when it changes. */
export function pageLanguage(): LanguageTag {
  return words.language;
}

/**
 * Changes the language. If loading fails, the language doesn't change.
 * @throws the error of the import
 */
export async function usePageLanguage(language: LanguageTag): Promise<void> {
  await words.use(language);
}

/**
 * Loads the texts of all screens except the first.
 * @throws the error of the import
 */
export async function loadAllWords(): Promise<void> {
  await words.add(rest);
}

/** Replaces all texts. Only for tests of layouts. */
export function adaptWords(adaptation: (words: WordTree) => WordTree): void {
  adapt = adaptation;
}

export async function switchPageLanguage(language: LanguageTag): Promise<void> {
  await words.switchTo(language);
}

export function t(key: WordKey, values: WordValues = {}): string {
  return words.say(key, values);
}

/** Encloses a user's text in marks that isolate its writing direction from the sentence. */
export function isolated(text: string): string {
  return `\u2068${text}\u2069`;
}

/** Removes the isolation marks that `isolated` adds. */
export function typed(sentence: string): string {
  return sentence.replaceAll(/[\u2068\u2069]/gu, '');
}

/**
 * Joins texts as in "film, cooking and chess", or with "or". Each one is enclosed by `isolated`.
 */
export function listOf(items: readonly string[], type: 'conjunction' | 'disjunction'): string {
  return new Intl.ListFormat(words.language, { type }).format(items.map(isolated));
}

export function numberOf(value: number): string {
  return new Intl.NumberFormat(words.language).format(value);
}

/** Formats date and time in local time. */
export function momentOf(atMs: number): string {
  const how = { dateStyle: 'long', timeStyle: 'short' } as const;
  return unparted(new Intl.DateTimeFormat(words.language, how).format(atMs));
}

/** Formats weekday and time in local time. */
export function recentMomentOf(atMs: number): string {
  const how = { weekday: 'long', hour: 'numeric', minute: '2-digit' } as const;
  return new Intl.DateTimeFormat(words.language, how).format(atMs);
}

/** @param share a number from 0 to 1 */
export function percentOf(share: number): string {
  return new Intl.NumberFormat(words.language, { style: 'percent' }).format(share);
}

export function languageName(tag: string): string {
  const language = words.language;
  if (namer?.language !== language) {
    namer = { language, names: new Intl.DisplayNames(language, { type: 'language' }) };
  }
  const name = namer.names.of(tag) ?? tag;
  return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
}

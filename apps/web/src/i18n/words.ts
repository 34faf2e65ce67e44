import type { LanguageTag } from '@farandole/kernel/language';
import type { LocaleFiles } from '@farandole/ui/locale-files';
import { LANGUAGES, loadPageFirst, loadPageRest } from '@farandole/ui/locales';
import { unparted, type WordTree, type WordValues } from '@farandole/ui/sentences';
import { type KeysOf, type LoadWords, Words } from '@farandole/ui/words';

export type { WordValues } from '@farandole/ui/sentences';

/**
 * Key of a translated text, such as `landing.title`. The key of a plural has no suffix for the
 * plural form.
 */
export type WordKey =
  | KeysOf<LocaleFiles['page-first']>
  | KeysOf<LocaleFiles['page-rest']>
  | KeysOf<LocaleFiles['cards']>
  | KeysOf<LocaleFiles['communities']>
  | KeysOf<LocaleFiles['meeting']>
  | KeysOf<LocaleFiles['effects']>
  | KeysOf<LocaleFiles['hour']>
  | KeysOf<LocaleFiles['voice']>
  | KeysOf<LocaleFiles['exchange']>
  | KeysOf<LocaleFiles['question']>;

/**
 * Function that is applied to all texts of the page. Only the gallery sets one that changes them.
 */
let adapt = (words: WordTree): WordTree => words;
/**
 * The formatter of language names is cached, because creating one is slow and a list formats many
 * names.
 */
let namer: { readonly language: LanguageTag; readonly names: Intl.DisplayNames } | null = null;

const rest: LoadWords = async (language) => adapt(await loadPageRest(language));
const words = new Words<WordKey>(LANGUAGES, [
  async (language) => adapt(await loadPageFirst(language)),
]);

/**
 * Returns the page's language. A component that calls this function renders again when the language
 * changes.
 */
export function pageLanguage(): LanguageTag {
  return words.language;
}

/**
 * Changes the page's language. If loading the texts fails, the language stays the same.
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

/**
 * Loads further texts of the page, now and in each language that the user selects.
 * @throws the error of the import
 */
export async function addWords(file: LoadWords): Promise<void> {
  await words.add(async (language) => adapt(await file(language)));
}

/**
 * Replaces all texts by the result of `adaptation`. Only the gallery uses this, to test layouts.
 */
export function adaptWords(adaptation: (words: WordTree) => WordTree): void {
  adapt = adaptation;
}

export async function switchPageLanguage(language: LanguageTag): Promise<void> {
  await words.switchTo(language);
}

export function t(key: WordKey, values: WordValues = {}): string {
  return words.say(key, values);
}

/**
 * Puts a user's text between Unicode isolation marks, so that its writing direction doesn't change
 * the sentence around it.
 */
export function isolated(text: string): string {
  return `\u2068${text}\u2069`;
}

/** Removes the isolation marks that `isolated` adds. */
export function typed(sentence: string): string {
  return sentence.replaceAll(/[\u2068\u2069]/gu, '');
}

/**
 * Joins texts as in "film, cooking and chess", or with "or". Each text is passed through
 * `isolated`.
 */
export function listOf(items: readonly string[], type: 'conjunction' | 'disjunction'): string {
  return new Intl.ListFormat(words.language, { type }).format(items.map(isolated));
}

export function numberOf(value: number): string {
  return new Intl.NumberFormat(words.language).format(value);
}

/** Formats a moment as date and time in the user's time zone. */
export function momentOf(atMs: number): string {
  const how = { dateStyle: 'long', timeStyle: 'short' } as const;
  return unparted(new Intl.DateTimeFormat(words.language, how).format(atMs));
}

/** Formats a moment as weekday and time in the user's time zone. */
export function recentMomentOf(atMs: number): string {
  const how = { weekday: 'long', hour: 'numeric', minute: '2-digit' } as const;
  return new Intl.DateTimeFormat(words.language, how).format(atMs);
}

/**
 * Formats a share as a percentage.
 * @param share a number from 0 to 1
 */
export function percentOf(share: number): string {
  return new Intl.NumberFormat(words.language, { style: 'percent' }).format(share);
}

/** Returns the name of a language for use at the start of a line, with a capital letter. */
export function languageName(tag: string): string {
  const name = languageNameInText(tag);
  return name.charAt(0).toLocaleUpperCase(words.language) + name.slice(1);
}

/** Returns the name of a language as it is written within a sentence. */
export function languageNameInText(tag: string): string {
  const language = words.language;
  if (namer?.language !== language) {
    namer = { language, names: new Intl.DisplayNames(language, { type: 'language' }) };
  }
  return namer.names.of(tag) ?? tag;
}

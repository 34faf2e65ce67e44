import type { LanguageTag } from '@farandole/kernel/language';
import type { LocaleFiles } from '@farandole/ui/locale-files';
import { LANGUAGES, loadPageFirst, loadPageRest } from '@farandole/ui/locales';
import { unparted, type WordTree, type WordValues } from '@farandole/ui/sentences';
import { type KeysOf, Words } from '@farandole/ui/words';

export type { WordValues } from '@farandole/ui/sentences';

/** A message key, such as `landing.title`. Plurals are named without their suffix. */
export type WordKey = KeysOf<LocaleFiles['page-first']> | KeysOf<LocaleFiles['page-rest']>;

/** Adapts all words; set by the gallery only. */
let adapt = (words: WordTree): WordTree => words;
/** Cached, since it is expensive and used once per language in a list. */
let namer: { readonly language: LanguageTag; readonly names: Intl.DisplayNames } | null = null;

const rest = async (language: LanguageTag) => adapt(await loadPageRest(language));
const words = new Words<WordKey>(LANGUAGES, [
  async (language) => adapt(await loadPageFirst(language)),
]);

/** The current language. Components that read it, or call `t`, re-render on a change. */
export function pageLanguage(): LanguageTag {
  return words.language;
}

/** On failure the language stays. @throws the import's error */
export async function usePageLanguage(language: LanguageTag): Promise<void> {
  await words.use(language);
}

/** Loads the words of all other screens. @throws the import's error */
export async function loadAllWords(): Promise<void> {
  await words.add(rest);
}

/** Replaces all words, to test layouts. */
export function adaptWords(adaptation: (words: WordTree) => WordTree): void {
  adapt = adaptation;
}

export async function switchPageLanguage(language: LanguageTag): Promise<void> {
  await words.switchTo(language);
}

export function t(key: WordKey, values: WordValues = {}): string {
  return words.say(key, values);
}

/** Isolates user text, so that its direction doesn't affect the sentence. */
export function isolated(text: string): string {
  return `\u2068${text}\u2069`;
}

/** Removes the marks that `isolated` adds. */
export function typed(sentence: string): string {
  return sentence.replaceAll(/[\u2068\u2069]/gu, '');
}

/** Formats as "film, cooking and chess", or with "or". Each item is isolated. */
export function listOf(items: readonly string[], type: 'conjunction' | 'disjunction'): string {
  return new Intl.ListFormat(words.language, { type }).format(items.map(isolated));
}

export function numberOf(value: number): string {
  return new Intl.NumberFormat(words.language).format(value);
}

/** Day and time, local. */
export function momentOf(atMs: number): string {
  const how = { dateStyle: 'long', timeStyle: 'short' } as const;
  return unparted(new Intl.DateTimeFormat(words.language, how).format(atMs));
}

/** Weekday and time, local. */
export function recentMomentOf(atMs: number): string {
  const how = { weekday: 'long', hour: 'numeric', minute: '2-digit' } as const;
  return new Intl.DateTimeFormat(words.language, how).format(atMs);
}

/** @param share from 0 to 1 */
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

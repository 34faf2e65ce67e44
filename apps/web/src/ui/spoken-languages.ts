import { LANGUAGES_MAX } from '@farandole/protocol/limits';

/**
 * Languages offered under "I speak": whoever speaks another has it from the browser's own list,
 * which is always offered too.
 */
const OFFERED = [
  ...['ar', 'bn', 'bg', 'ca', 'cs', 'da', 'de', 'el', 'en', 'es', 'et', 'eu', 'fa', 'fi', 'fil'],
  ...['fr', 'ga', 'gl', 'gu', 'he', 'hi', 'hr', 'hu', 'id', 'is', 'it', 'ja', 'kn', 'ko', 'lt'],
  ...['lv', 'ml', 'mr', 'ms', 'nl', 'no', 'pa', 'pl', 'pt', 'ro', 'ru', 'sk', 'sl', 'sq', 'sr'],
  ...['sv', 'sw', 'ta', 'te', 'th', 'tr', 'uk', 'ur', 'vi', 'yo', 'yue', 'zh', 'zu'],
];

/** The language of a tag, without region and script: "pt-BR" is "pt"; null for no tag at all. */
export function primaryOf(tag: string): string | null {
  try {
    return new Intl.Locale(tag).language;
  } catch {
    // What a browser lists is not always a tag; such an entry offers nothing.
    return null;
  }
}

/** What a browser lists, each language once and without its region, as far as a ticket has room. */
export function firstLanguages(browserTags: readonly string[]): readonly string[] {
  const tags = browserTags.map(primaryOf).filter((tag) => tag !== null);
  return [...new Set(tags)].slice(0, LANGUAGES_MAX);
}

/** What may be added: all offered and the browser's, without those chosen. */
export function offeredLanguages(
  browserTags: readonly string[],
  chosen: readonly string[],
): readonly string[] {
  const taken = new Set(chosen.map(primaryOf));
  const tags = [...browserTags.map(primaryOf), ...OFFERED];
  const offered = tags.filter((tag): tag is string => tag !== null && !taken.has(tag));
  return [...new Set(offered)];
}

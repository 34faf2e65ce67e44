import { LANGUAGES_MAX } from '@farandole/protocol/limits';

/** Languages offered under "I speak", in addition to the browser's languages. */
const OFFERED = [
  ...['ar', 'bn', 'bg', 'ca', 'cs', 'da', 'de', 'el', 'en', 'es', 'et', 'eu', 'fa', 'fi', 'fil'],
  ...['fr', 'ga', 'gl', 'gu', 'he', 'hi', 'hr', 'hu', 'id', 'is', 'it', 'ja', 'kn', 'ko', 'lt'],
  ...['lv', 'ml', 'mr', 'ms', 'nl', 'no', 'pa', 'pl', 'pt', 'ro', 'ru', 'sk', 'sl', 'sq', 'sr'],
  ...['sv', 'sw', 'ta', 'te', 'th', 'tr', 'uk', 'ur', 'vi', 'yo', 'yue', 'zh', 'zu'],
];

/**
 * Returns the language of a tag without region and script, such as "pt" for "pt-BR". Null for an
 * invalid tag.
 */
export function primaryOf(tag: string): string | null {
  try {
    return new Intl.Locale(tag).language;
  } catch {
    // A browser's list of languages may contain invalid tags.
    return null;
  }
}

/**
 * Returns the browser's languages without regions and duplicates, limited to the number that a
 * ticket may carry.
 */
export function firstLanguages(browserTags: readonly string[]): readonly string[] {
  const tags = browserTags.map(primaryOf).filter((tag) => tag !== null);
  return [...new Set(tags)].slice(0, LANGUAGES_MAX);
}

/**
 * Returns the offered languages and the browser's languages, without those that the user has
 * already chosen.
 */
export function offeredLanguages(
  browserTags: readonly string[],
  chosen: readonly string[],
): readonly string[] {
  const taken = new Set(chosen.map(primaryOf));
  const tags = [...browserTags.map(primaryOf), ...OFFERED];
  const offered = tags.filter((tag): tag is string => tag !== null && !taken.has(tag));
  return [...new Set(offered)];
}

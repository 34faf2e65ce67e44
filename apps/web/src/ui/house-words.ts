import { FALLBACK_LANGUAGE, type LanguageTag } from '@farandole/kernel/language';
import { type HouseRules, houseTexts } from '@farandole/protocol/http-api';

/**
 * Returns the house rules in the page's language. If there are none in this language, English
 * comes first, then any other language.
 */
export function houseWords(
  rules: HouseRules,
  language: LanguageTag,
): { readonly text: string; readonly language: LanguageTag } {
  const texts = houseTexts(rules);
  const tags = [language, FALLBACK_LANGUAGE, ...Object.keys(texts)];
  const found = tags.find((tag) => (texts[tag] ?? '') !== '') ?? language;
  return { text: texts[found] ?? '', language: found };
}

/** Finds the lines that the older text doesn't have. Without an older text it finds none. */
export function linesSince(
  text: string,
  older: string,
): readonly { readonly line: string; readonly isNew: boolean }[] {
  const known = new Set(older.split('\n').map((line) => line.trim()));
  return text.split('\n').map((line) => {
    const isNew = older !== '' && line.trim() !== '' && !known.has(line.trim());
    return { line, isNew };
  });
}

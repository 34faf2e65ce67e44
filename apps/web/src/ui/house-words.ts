import type { HouseRules } from '@farandole/protocol/http-api';
import type { PageLanguage } from '../i18n/languages.ts';

/** The rules of a house, in each language. */
export type HouseText = Omit<HouseRules, 'version'>;

/** The rules of a house in the page's language, or else in the one in which there are some. */
export function houseWords(
  { en, fr }: HouseRules,
  language: PageLanguage,
): { readonly text: string; readonly language: PageLanguage } {
  const texts: Readonly<Record<PageLanguage, string>> = { en, fr };
  if (texts[language] !== '') return { text: texts[language], language };
  return en === '' ? { text: fr, language: 'fr' } : { text: en, language: 'en' };
}

/** The lines of a text, and which of them an older one has not; where there is no older one, none is new. */
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

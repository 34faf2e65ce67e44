import type { HouseRules } from '@farandole/protocol/http-api';
import type { PageLanguage } from '../i18n/languages.ts';

/** The rules of a house in the page's language, or else in the one in which there are some. */
export function houseWords(
  { en, fr }: HouseRules,
  language: PageLanguage,
): { readonly text: string; readonly language: PageLanguage } {
  const texts: Readonly<Record<PageLanguage, string>> = { en, fr };
  if (texts[language] !== '') return { text: texts[language], language };
  return en === '' ? { text: fr, language: 'fr' } : { text: en, language: 'en' };
}

import { chooseLanguage, type LanguageTag } from '@farandole/kernel/language';
import { LANGUAGES } from '@farandole/ui/locales';

/**
 * Returns the first supported language of an `Accept-Language` header, or English if there is none.
 */
export function languageOf(acceptLanguage: string | null): LanguageTag {
  const tags = (acceptLanguage ?? '').split(',').map((item) => item.split(';', 1)[0]?.trim() ?? '');
  return chooseLanguage(tags, LANGUAGES);
}

export function isLanguage(tag: string | null): tag is LanguageTag {
  return tag !== null && Object.hasOwn(LANGUAGES, tag);
}

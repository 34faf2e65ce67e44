/** The languages in which a node itself says something. */
export const LANGUAGES = ['en', 'fr'] as const;

export type Language = (typeof LANGUAGES)[number];

/** The first language of an `Accept-Language` header that there are words in. */
export function languageOf(acceptLanguage: string | null): Language {
  for (const item of (acceptLanguage ?? '').split(',')) {
    const language = item.split(/[-;]/, 1)[0]?.trim().toLowerCase() ?? '';
    if (isLanguage(language)) return language;
  }
  return 'en';
}

export function isLanguage(tag: string | null): tag is Language {
  return LANGUAGES.some((language) => language === tag);
}

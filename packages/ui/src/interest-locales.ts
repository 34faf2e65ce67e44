import type { LanguageTag } from '@farandole/kernel/language';
import { loadLocale } from './load-locale.ts';
import type { LocaleFiles } from './locale-files.ts';

/**
 * Loads the suggested interests of a language. They have their own module, so that the list of
 * their files isn't part of the first screen.
 */
export const loadInterests = (language: LanguageTag): Promise<LocaleFiles['interests']> =>
  loadLocale(
    import.meta.glob<LocaleFiles['interests']>('./*/interests.json', {
      base: '../../../locales',
      import: 'default',
    }),
    `./${language}/interests.json`,
  );

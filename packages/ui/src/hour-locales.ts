import type { LanguageTag } from '@farandole/kernel/language';
import { loadLocale } from './load-locale.ts';
import type { LocaleFiles } from './locale-files.ts';

/**
 * Loads the texts about published hours of a language. They have their own module, so that the
 * list of their files isn't part of the first screen.
 */
export const loadHour = (language: LanguageTag): Promise<LocaleFiles['hour']> =>
  loadLocale(
    import.meta.glob<LocaleFiles['hour']>('./*/hour.json', {
      base: '../../../locales',
      import: 'default',
    }),
    `./${language}/hour.json`,
  );

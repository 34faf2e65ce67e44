import type { LanguageTag } from '@farandole/kernel/language';
import { loadLocale } from './load-locale.ts';
import type { LocaleFiles } from './locale-files.ts';

/**
 * Loads the texts about effects on the device of a language. They have their own module, so that
 * the list of their files isn't part of the first screen.
 */
export const loadEffects = (language: LanguageTag): Promise<LocaleFiles['effects']> =>
  loadLocale(
    import.meta.glob<LocaleFiles['effects']>('./*/effects.json', {
      base: '../../../locales',
      import: 'default',
    }),
    `./${language}/effects.json`,
  );

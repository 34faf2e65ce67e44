import type { LanguageTag } from '@farandole/kernel/language';
import { loadLocale } from './load-locale.ts';
import type { LocaleFiles } from './locale-files.ts';

/**
 * Loads the texts about language exchange of a language, with the prompts in that language. They
 * have their own module, so that the list of their files isn't part of the first screen.
 */
export const loadExchange = (language: LanguageTag): Promise<LocaleFiles['exchange']> =>
  loadLocale(
    import.meta.glob<LocaleFiles['exchange']>('./*/exchange.json', {
      base: '../../../locales',
      import: 'default',
    }),
    `./${language}/exchange.json`,
  );

import type { LanguageTag } from '@farandole/kernel/language';
import { loadLocale } from './load-locale.ts';
import type { LocaleFiles } from './locale-files.ts';

/**
 * Loads the cards and games of a language. They have their own module, so that the list of their
 * files isn't part of the first screen.
 */
export const loadCards = (language: LanguageTag): Promise<LocaleFiles['cards']> =>
  loadLocale(
    import.meta.glob<LocaleFiles['cards']>('./*/cards.json', {
      base: '../../../locales',
      import: 'default',
    }),
    `./${language}/cards.json`,
  );

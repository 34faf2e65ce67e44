import type { LanguageTag } from '@farandole/kernel/language';
import { loadLocale } from './load-locale.ts';
import type { LocaleFiles } from './locale-files.ts';

/**
 * Loads the texts about communities of a language. They have their own module, so that the list of
 * their files isn't part of the first screen.
 */
export const loadCommunities = (language: LanguageTag): Promise<LocaleFiles['communities']> =>
  loadLocale(
    import.meta.glob<LocaleFiles['communities']>('./*/communities.json', {
      base: '../../../locales',
      import: 'default',
    }),
    `./${language}/communities.json`,
  );

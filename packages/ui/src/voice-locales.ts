import type { LanguageTag } from '@farandole/kernel/language';
import { loadLocale } from './load-locale.ts';
import type { LocaleFiles } from './locale-files.ts';

/**
 * Loads the texts about voice calls of a language. They have their own module, so that the
 * list of their files isn't part of the first screen.
 */
export const loadVoice = (language: LanguageTag): Promise<LocaleFiles['voice']> =>
  loadLocale(
    import.meta.glob<LocaleFiles['voice']>('./*/voice.json', {
      base: '../../../locales',
      import: 'default',
    }),
    `./${language}/voice.json`,
  );

import type { LanguageTag } from '@farandole/kernel/language';
import { loadLocale } from './load-locale.ts';
import type { LocaleFiles } from './locale-files.ts';

/**
 * Loads the texts about private meetings of a language. They have their own module, so that the
 * list of their files isn't part of the first screen.
 */
export const loadMeeting = (language: LanguageTag): Promise<LocaleFiles['meeting']> =>
  loadLocale(
    import.meta.glob<LocaleFiles['meeting']>('./*/meeting.json', {
      base: '../../../locales',
      import: 'default',
    }),
    `./${language}/meeting.json`,
  );

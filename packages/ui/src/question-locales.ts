import type { LanguageTag } from '@farandole/kernel/language';
import { loadLocale } from './load-locale.ts';
import type { LocaleFiles } from './locale-files.ts';

/** Loads the texts about questions of a language, which no other screen needs. */
export const loadQuestion = (language: LanguageTag): Promise<LocaleFiles['question']> =>
  loadLocale(
    import.meta.glob<LocaleFiles['question']>('./*/question.json', {
      base: '../../../locales',
      import: 'default',
    }),
    `./${language}/question.json`,
  );

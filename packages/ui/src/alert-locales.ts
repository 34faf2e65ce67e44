import type { LanguageTag } from '@farandole/kernel/language';
import { loadLocale } from './load-locale.ts';
import type { LocaleFiles } from './locale-files.ts';

export const loadAlerts = (language: LanguageTag): Promise<LocaleFiles['alerts']> =>
  loadLocale(
    import.meta.glob<LocaleFiles['alerts']>('./*/alerts.json', {
      base: '../../../locales',
      import: 'default',
    }),
    `./${language}/alerts.json`,
  );

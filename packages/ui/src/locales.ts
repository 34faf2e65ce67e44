import type { LanguageTag } from '@farandole/kernel/language';
import { loadLocale } from './load-locale.ts';
import type { LocaleFiles } from './locale-files.ts';
import { isOffered } from './offered-languages.ts';

/** The offered languages. */
export const LANGUAGES: Readonly<Record<LanguageTag, LocaleFiles['language']>> = Object.fromEntries(
  Object.entries(
    import.meta.glob<LocaleFiles['language']>('./*/language.json', {
      base: '../../../locales',
      eager: true,
      import: 'default',
    }),
  )
    .map(
      ([path, language]) => [path.slice('./'.length, -'/language.json'.length), language] as const,
    )
    .filter(([tag, language]) => isOffered(tag, language)),
);

// Loads the files of a language by imports that the bundler resolves. The bundler drops functions
// that an app doesn't use.

export const loadPageFirst = (language: LanguageTag): Promise<LocaleFiles['page-first']> =>
  loadLocale(
    import.meta.glob<LocaleFiles['page-first']>('./*/page-first.json', {
      base: '../../../locales',
      import: 'default',
    }),
    `./${language}/page-first.json`,
  );

export const loadPageRest = (language: LanguageTag): Promise<LocaleFiles['page-rest']> =>
  loadLocale(
    import.meta.glob<LocaleFiles['page-rest']>('./*/page-rest.json', {
      base: '../../../locales',
      import: 'default',
    }),
    `./${language}/page-rest.json`,
  );

export const loadConsole = (language: LanguageTag): Promise<LocaleFiles['console']> =>
  loadLocale(
    import.meta.glob<LocaleFiles['console']>('./*/console.json', {
      base: '../../../locales',
      import: 'default',
    }),
    `./${language}/console.json`,
  );

export const loadStatements = (language: LanguageTag): Promise<LocaleFiles['statements']> =>
  loadLocale(
    import.meta.glob<LocaleFiles['statements']>('./*/statements.json', {
      base: '../../../locales',
      import: 'default',
    }),
    `./${language}/statements.json`,
  );

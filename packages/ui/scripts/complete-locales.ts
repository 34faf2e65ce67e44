import type { Plugin } from 'vite';
import type { LocaleFiles } from '../src/locale-files.ts';
import { readLocale } from './locales.ts';

const FILE = /\/locales\/([^/]+)\/([a-z-]+)\.json$/u;

/** Bundles each file of `locales` with its missing texts in English. */
export function completeLocales(): Plugin {
  return {
    name: 'farandole-complete-locales',
    enforce: 'pre',
    load(id) {
      const [, language, file] = FILE.exec(id) ?? [];
      if (language === undefined || file === undefined) return null;
      return JSON.stringify(readLocale(language, file as keyof LocaleFiles));
    },
  };
}

import { FALLBACK_LANGUAGE } from '@farandole/kernel/language';
import type { Plugin } from 'vite';
import type { LocaleFiles } from '../src/locale-files.ts';
import { LANGUAGES, readLocale } from './locales.ts';

interface Said {
  readonly tag: string;
  readonly words: LocaleFiles['document'];
  /**
   * HTML attributes that mark an element's language. Empty for English, because the document is
   * in English.
   */
  readonly mark: string;
}

export const LANGUAGES_OF_DOCUMENT: readonly Said[] = Object.entries(LANGUAGES)
  .map(([tag, { direction }]) => ({
    tag,
    words: readLocale(tag, 'document'),
    mark:
      tag === FALLBACK_LANGUAGE ? '' : ` lang="${tag}"${direction === 'rtl' ? ' dir="rtl"' : ''}`,
  }))
  .sort((one, other) => one.mark.length - other.mark.length);

/**
 * Replaces `<!-- words: NAME -->` in the document with the text that it shows without scripts,
 * or before they run.
 */
export function documentWords(said: Readonly<Record<string, string>>): Plugin {
  return {
    name: 'farandole-document-words',
    transformIndexHtml: {
      order: 'pre',
      handler: (html) =>
        html.replaceAll(/<!-- words: ([\w ]+) -->/gu, (_mark, name: string) => said[name] ?? ''),
    },
  };
}

/** Draws HTML for each language. Returns the results joined by `between`. */
export function inEach(draw: (said: Said) => string, between = '\n        '): string {
  return LANGUAGES_OF_DOCUMENT.map(draw).join(between);
}

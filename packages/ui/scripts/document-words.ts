import { FALLBACK_LANGUAGE } from '@farandole/kernel/language';
import type { Plugin } from 'vite';
import type { LocaleFiles } from '../src/locale-files.ts';
import { LANGUAGES, readLocale } from './locales.ts';

/** What a document says in one language. */
interface Said {
  readonly tag: string;
  readonly words: LocaleFiles['document'];
  /** The attributes of an element in it; empty in English, the document's own. */
  readonly mark: string;
}

/** Every language of `locales`, English first. */
export const LANGUAGES_OF_DOCUMENT: readonly Said[] = Object.entries(LANGUAGES)
  .map(([tag, { direction }]) => ({
    tag,
    words: readLocale(tag, 'document'),
    mark:
      tag === FALLBACK_LANGUAGE ? '' : ` lang="${tag}"${direction === 'rtl' ? ' dir="rtl"' : ''}`,
  }))
  .sort((one, other) => one.mark.length - other.mark.length);

/** Writes what a document says before or without a script, in place of `<!-- words: NAME -->`. */
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

/** A piece of HTML in every language, one after the other. */
export function inEach(draw: (said: Said) => string, between = '\n        '): string {
  return LANGUAGES_OF_DOCUMENT.map(draw).join(between);
}

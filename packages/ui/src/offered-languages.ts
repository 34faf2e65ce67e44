import type { LanguageTag } from '@farandole/kernel/language';
import type { LocaleFiles } from './locale-files.ts';

type Language = LocaleFiles['language'];

/**
 * Primary subtags of the languages in which the page finds stated ages and private details in chat
 * lines. A test of the page compares them with the detectors.
 */
export const HINT_LANGUAGES: readonly string[] = ['ar', 'de', 'en', 'es', 'fr', 'pt'];

/**
 * Whether the page, the console and the server offer a language: its hints work, or the operator
 * has marked its folder with `"withoutHints": true`.
 */
export function isOffered(tag: LanguageTag, { withoutHints }: Language): boolean {
  return withoutHints === true || HINT_LANGUAGES.includes(tag.split('-', 1)[0] ?? '');
}

import type { LanguageTag } from '@farandole/kernel/language';
import type { LocaleFiles } from './locale-files.ts';

/**
 * Matches the languages in which the page finds stated ages and private details in chat lines. A
 * test of the page compares them with the detectors.
 */
const WITH_HINTS = /^(?:ar|de|en|es|fr|pt)\b/u;

/**
 * Whether page, console and server offer a language: its hints work, or the operator has marked
 * its folder with `"withoutHints": true`.
 */
export function isOffered(tag: LanguageTag, language: LocaleFiles['language']): boolean {
  return language.withoutHints ?? WITH_HINTS.test(tag);
}

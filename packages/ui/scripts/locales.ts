/**
 * The functions of `src/locales.ts` for Node without a bundler. They read the language files
 * from their folder.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LanguageTag } from '@farandole/kernel/language';
import type { LocaleFiles } from '../src/locale-files.ts';

const FOLDER = join(import.meta.dirname, '..', '..', '..', 'locales');

export const LANGUAGES: Readonly<Record<LanguageTag, LocaleFiles['language']>> = Object.fromEntries(
  readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => [name, readLocale(name, 'language')] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1)),
);

/** Reads one file of a language. @throws If the file is missing or isn't JSON. */
export function readLocale<Name extends keyof LocaleFiles>(
  language: LanguageTag,
  file: Name,
): LocaleFiles[Name] {
  const text = readFileSync(join(FOLDER, language, `${file}.json`), 'utf8');
  return JSON.parse(text) as LocaleFiles[Name];
}

export function readLocales<Name extends keyof LocaleFiles>(
  file: Name,
): Readonly<Record<LanguageTag, LocaleFiles[Name]>> {
  return Object.fromEntries(Object.keys(LANGUAGES).map((tag) => [tag, readLocale(tag, file)]));
}

export const loadPageFirst = async (language: LanguageTag) => readLocale(language, 'page-first');
export const loadPageRest = async (language: LanguageTag) => readLocale(language, 'page-rest');
export const loadCards = async (language: LanguageTag) => readLocale(language, 'cards');
export const loadMeeting = async (language: LanguageTag) => readLocale(language, 'meeting');
export const loadInterests = async (language: LanguageTag) => readLocale(language, 'interests');
export const loadConsole = async (language: LanguageTag) => readLocale(language, 'console');
export const loadStatements = async (language: LanguageTag) => readLocale(language, 'statements');

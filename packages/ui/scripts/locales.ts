/**
 * The functions of `src/locales.ts` for Node without a bundler. They read the language files
 * from their folder.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FALLBACK_LANGUAGE, type LanguageTag } from '@farandole/kernel/language';
import type { LocaleFiles } from '../src/locale-files.ts';
import { isOffered } from '../src/offered-languages.ts';
import { completed } from './completed.ts';

const FOLDER = join(import.meta.dirname, '..', '..', '..', 'locales');

const FOLDERS = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => [name, readLocale(name, 'language')] as const)
  .sort(([one], [other]) => (one < other ? -1 : 1));

/** The offered languages. */
export const LANGUAGES: Readonly<Record<LanguageTag, LocaleFiles['language']>> = Object.fromEntries(
  FOLDERS.filter(([tag, language]) => isOffered(tag, language)),
);

/** Languages that have a folder but aren't offered. */
export const NOT_OFFERED: readonly LanguageTag[] = FOLDERS.map(([tag]) => tag).filter(
  (tag) => !Object.hasOwn(LANGUAGES, tag),
);

/**
 * Reads one file of a language. Missing texts are in English. A missing file is the English one,
 * except `language.json`.
 * @throws If the file isn't JSON, or `language.json` is missing.
 */
export function readLocale<Name extends keyof LocaleFiles>(
  language: LanguageTag,
  file: Name,
): LocaleFiles[Name] {
  const path = join(FOLDER, language, `${file}.json`);
  if (language === FALLBACK_LANGUAGE || file === 'language') return parse<LocaleFiles[Name]>(path);
  const english = readLocale(FALLBACK_LANGUAGE, file);
  return existsSync(path) ? completed(parse<LocaleFiles[Name]>(path), english) : english;
}

function parse<Words>(path: string): Words {
  return JSON.parse(readFileSync(path, 'utf8')) as Words;
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
export const loadEffects = async (language: LanguageTag) => readLocale(language, 'effects');
export const loadCommunities = async (language: LanguageTag) => readLocale(language, 'communities');
export const loadHour = async (language: LanguageTag) => readLocale(language, 'hour');
export const loadAlerts = async (language: LanguageTag) => readLocale(language, 'alerts');
export const loadVoice = async (language: LanguageTag) => readLocale(language, 'voice');
export const loadExchange = async (language: LanguageTag) => readLocale(language, 'exchange');
export const loadQuestion = async (language: LanguageTag) => readLocale(language, 'question');
export const loadInterests = async (language: LanguageTag) => readLocale(language, 'interests');
export const loadConsole = async (language: LanguageTag) => readLocale(language, 'console');
export const loadStatements = async (language: LanguageTag) => readLocale(language, 'statements');

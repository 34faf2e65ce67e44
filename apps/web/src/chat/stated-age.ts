import { plainOf } from '@farandole/protocol/plain-text';
import { ageDetectorOf, type StatesAge } from './age-rules.ts';
import type { AgeWords } from './age-words.ts';
import { ARABIC_AGE_WORDS } from './age-words-ar.ts';
import { GERMAN_AGE_WORDS } from './age-words-de.ts';
import { ENGLISH_AGE_WORDS } from './age-words-en.ts';
import { SPANISH_AGE_WORDS } from './age-words-es.ts';
import { FRENCH_AGE_WORDS } from './age-words-fr.ts';
import { PORTUGUESE_AGE_WORDS } from './age-words-pt.ts';

const WORDS: Readonly<Record<string, AgeWords>> = {
  ar: ARABIC_AGE_WORDS,
  de: GERMAN_AGE_WORDS,
  en: ENGLISH_AGE_WORDS,
  es: SPANISH_AGE_WORDS,
  fr: FRENCH_AGE_WORDS,
  pt: PORTUGUESE_AGE_WORDS,
};
export const AGE_LANGUAGES: readonly string[] = Object.keys(WORDS);

const DETECTORS: readonly StatesAge[] = Object.values(WORDS).map(ageDetectorOf);

/**
 * Whether a user states an age from 10 to 17, says that they are under 18, or states a year of birth
 * that makes them younger than 18 in the given year. Lower numbers are seldom ages. A number followed by a unit, as in "17 minutes", isn't an age. Each language
 * searches all lines, because people mix languages.
 */
export function statesUnder18(text: string, year: number): boolean {
  const plain = plainOf(text).trim();
  return DETECTORS.some((states) => states(plain, year));
}

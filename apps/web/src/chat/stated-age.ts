import { ageDetectorOf, type StatesAge } from './age-rules.ts';
import { ARABIC_AGE_WORDS } from './age-words-ar.ts';
import { GERMAN_AGE_WORDS } from './age-words-de.ts';
import { ENGLISH_AGE_WORDS } from './age-words-en.ts';
import { SPANISH_AGE_WORDS } from './age-words-es.ts';
import { FRENCH_AGE_WORDS } from './age-words-fr.ts';
import { PORTUGUESE_AGE_WORDS } from './age-words-pt.ts';
import { plainOf } from './plain-text.ts';

const DETECTORS: readonly StatesAge[] = [
  ENGLISH_AGE_WORDS,
  FRENCH_AGE_WORDS,
  SPANISH_AGE_WORDS,
  PORTUGUESE_AGE_WORDS,
  GERMAN_AGE_WORDS,
  ARABIC_AGE_WORDS,
].map(ageDetectorOf);

/**
 * Whether a user states an age from 10 to 17 or says that they are under 18. Lower numbers are
 * seldom ages. A number followed by a unit, as in "17 minutes", isn't an age. Each language
 * searches all lines, because people mix languages.
 */
export function statesUnder18(text: string): boolean {
  const plain = plainOf(text).trim();
  return DETECTORS.some((states) => states(plain));
}

import type { AgePatterns } from './hint-patterns.ts';
import { plainOf } from './plain-text.ts';
import { GERMAN_ARABIC_AGES } from './stated-age-de-ar.ts';
import { ENGLISH_FRENCH_AGES } from './stated-age-en-fr.ts';
import { SPANISH_PORTUGUESE_AGES } from './stated-age-es-pt.ts';

const LANGUAGES = [ENGLISH_FRENCH_AGES, SPANISH_PORTUGUESE_AGES, GERMAN_ARABIC_AGES];

/**
 * Whether a user states an age from 10 to 17 or says that they are under 18. Lower numbers are
 * seldom ages. A number followed by a unit, as in "17 minutes", isn't an age.
 */
export function statesUnder18(text: string): boolean {
  const plain = plainOf(text).trim();
  return LANGUAGES.some((language) => states(plain, language));
}

/** The replacements of one language don't change what another language finds. */
function states(plain: string, { replacements, stated }: AgePatterns): boolean {
  const replaced = replacements.reduce(
    (before, [words, form]) => before.replaceAll(words, form),
    plain,
  );
  return stated.some((pattern) => pattern.test(replaced));
}

import type { AgePatterns } from './hint-patterns.ts';
import { plainOf } from './plain-text.ts';
import { ARABIC_AGES } from './stated-age-ar.ts';
import { GERMAN_AGES } from './stated-age-de.ts';
import { ENGLISH_AGES } from './stated-age-en.ts';
import { SPANISH_PORTUGUESE_AGES } from './stated-age-es-pt.ts';
import { FRENCH_AGES } from './stated-age-fr.ts';

const LANGUAGES = [ENGLISH_AGES, FRENCH_AGES, SPANISH_PORTUGUESE_AGES, GERMAN_AGES, ARABIC_AGES];

/** Matches an age whose digits are written apart, such as "1 5", or with a letter, such as "l5". */
const APART = /(?<![\p{N}\p{L}.,:/-])[1l][ _-]?([0-7])(?![\p{N}.,:/-]|[ _-]\p{N})/gu;
/** Matches a zero in a word, such as "teng0". */
const ZERO_IN_WORD = /(?<=\p{L})0(?!\p{N})/gu;

/**
 * Whether a user states an age from 10 to 17 or says that they are under 18. Lower numbers are
 * seldom ages. A number followed by a unit, as in "17 minutes", isn't an age.
 */
export function statesUnder18(text: string): boolean {
  const plain = plainOf(text).trim().replaceAll(APART, '1$1').replaceAll(ZERO_IN_WORD, 'o');
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

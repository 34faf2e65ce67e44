import { plainOf } from './plain-text.ts';
import { STATED_DE_AR, WRITTEN_OUT_DE_AR } from './stated-age-de-ar.ts';

const WRITTEN_OUT: readonly (readonly [RegExp, string])[] = [
  [/\b(?:fifteen|quinze)\b/giu, '15'],
  [/\b(?:sixteen|seize)\b/giu, '16'],
  [/\b(?:seventeen|dix[- ]sept)\b/giu, '17'],
  ...WRITTEN_OUT_DE_AR,
];

/**
 * Patterns of texts in which a user states an age from 10 to 17. Lower numbers are seldom ages. A
 * number followed by a unit, as in "17 minutes", doesn't match.
 */
const STATED: readonly RegExp[] = [
  /\bi(?:['’]?m| am) (?:only |just )?1[0-7] {0,2}(?:$|[.,;!?…)/]|(?:y\.?o|y\/o|years?[ -]old|yrs?|ans|and|but|et|mais|[mfh])\b)/iu,
  /\bj['’ ]?ai (?:que |seulement )?1[0-7] ans\b/iu,
  // Matches a line that consists of an age and a sex, such as "16 m".
  /^1[0-7][ ,/]*[mfh][.!]?$/iu,
  /^[mfh][ ,/]*1[0-7][.!]?$/iu,
  /^1[0-7] ?(?:y\.?o|y\/o|yrs?|years?[ -]old|years|ans)[.!]?$/iu,
  /\bi(?:['’]?m| am) (?:under ?18|underage|a minor|not 18)\b/iu,
  /\bje suis mineure?\b|\bj['’ ]?ai (?:moins de|pas(?: encore)?) 18 ans\b/iu,
  ...STATED_DE_AR,
];

export function statesUnder18(text: string): boolean {
  let plain = plainOf(text).trim();
  for (const [words, number] of WRITTEN_OUT) plain = plain.replaceAll(words, number);
  return STATED.some((stated) => stated.test(plain));
}

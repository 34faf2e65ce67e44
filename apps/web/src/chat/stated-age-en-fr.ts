import type { AgePatterns } from './hint-patterns.ts';

export const ENGLISH_FRENCH_AGES: AgePatterns = {
  replacements: [
    [/\b(?:fifteen|quinze)\b/giu, '15'],
    [/\b(?:sixteen|seize)\b/giu, '16'],
    [/\b(?:seventeen|dix[- ]sept)\b/giu, '17'],
  ],
  stated: [
    /\bi(?:['’]?m| am) (?:only |just )?1[0-7] {0,2}(?:$|[.,;!?…)/]|(?:y\.?o|y\/o|years?[ -]old|yrs?|ans|and|but|et|mais|[mfh])\b)/iu,
    /\bj['’ ]?ai (?:que |seulement )?1[0-7] ans\b/iu,
    // Matches a line that consists of an age and a sex, such as "16 m".
    /^1[0-7][ ,/]*[mfh][.!]?$/iu,
    /^[mfh][ ,/]*1[0-7][.!]?$/iu,
    /^1[0-7] ?(?:y\.?o|y\/o|yrs?|years?[ -]old|years|ans)[.!]?$/iu,
    /\bi(?:['’]?m| am) (?:under ?18|underage|a minor|not 18)\b/iu,
    /\bje suis mineure?\b|\bj['’ ]?ai (?:moins de|pas(?: encore)?) 18 ans\b/iu,
  ],
};

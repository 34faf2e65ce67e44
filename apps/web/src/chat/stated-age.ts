/** Ages that people write out, as numbers. */
const WRITTEN_OUT: readonly (readonly [RegExp, string])[] = [
  [/\b(?:fifteen|quinze)\b/giu, '15'],
  [/\b(?:sixteen|seize)\b/giu, '16'],
  [/\b(?:seventeen|dix[- ]sept)\b/giu, '17'],
];

/**
 * From ten up to the last year before eighteen: what is below is seldom an age, and often a number. What
 * follows one in a sentence follows no other number: "17 minutes" is none.
 */
const STATED: readonly RegExp[] = [
  /\bi(?:['’]?m| am) (?:only |just )?1[0-7] {0,2}(?:$|[.,;!?…)/]|(?:y\.?o|y\/o|years?[ -]old|yrs?|ans|and|but|et|mais|[mfh])\b)/iu,
  /\bj['’ ]?ai (?:que |seulement )?1[0-7] ans\b/iu,
  // As people answer who are asked for it: the whole line, and nothing else in it.
  /^1[0-7][ ,/]*[mfh][.!]?$/iu,
  /^[mfh][ ,/]*1[0-7][.!]?$/iu,
  /^1[0-7] ?(?:y\.?o|y\/o|yrs?|years?[ -]old|years|ans)[.!]?$/iu,
  /\bi(?:['’]?m| am) (?:under ?18|underage|a minor|not 18)\b/iu,
  /\bje suis mineure?\b|\bj['’ ]?ai (?:moins de|pas(?: encore)?) 18 ans\b/iu,
];

/**
 * Whether a line says that its writer is under 18, in the languages of the page. A hint for whoever
 * reads it, on their device alone: it is wrong now and then, either way.
 */
export function statesUnder18(text: string): boolean {
  let plain = text.normalize('NFKC').trim();
  for (const [words, number] of WRITTEN_OUT) plain = plain.replaceAll(words, number);
  return STATED.some((stated) => stated.test(plain));
}

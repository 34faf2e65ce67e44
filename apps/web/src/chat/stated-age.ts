/** From ten up to the last year before eighteen; what is below is seldom an age, and often a number. */
const NUMBER = '(?:1[0-7]|fifteen|sixteen|seventeen|quinze|seize|dix[- ]sept)';
/** What may follow an age in a sentence, and follows no other number: "17 minutes" is none. */
const AFTER =
  '(?=\\s*(?:$|[.,;!?…)/]|y\\.?o\\b|y/o\\b|years?[ -]old\\b|yrs?\\b|ans\\b|and\\b|but\\b|et\\b|mais\\b|[mfh]\\b))';

const STATED: readonly RegExp[] = [
  new RegExp(`\\bi(?:['’]?m| am) (?:only |just )?${NUMBER}${AFTER}`, 'iu'),
  new RegExp(`\\bj['’ ]?ai (?:que |seulement )?${NUMBER} ans\\b`, 'iu'),
  // As people answer who are asked for it: the whole line, and nothing else in it.
  new RegExp(`^(?:${NUMBER}[ ,/]*[mfh]|[mfh][ ,/]*${NUMBER})[.!]?$`, 'iu'),
  new RegExp(`^${NUMBER} ?(?:y\\.?o|y/o|yrs?|years?[ -]old|years|ans)[.!]?$`, 'iu'),
  /\bi(?:['’]?m| am) (?:under ?18|underage|a minor|not 18)\b/iu,
  /\bje suis mineure?\b|\bj['’ ]?ai (?:moins de|pas(?: encore)?) 18 ans\b/iu,
];

/**
 * Whether a line says that its writer is under 18, in the languages of the page. A hint for whoever
 * reads it, on their device alone: it is wrong now and then, either way.
 */
export function statesUnder18(text: string): boolean {
  const plain = text.normalize('NFKC').trim();
  return STATED.some((stated) => stated.test(plain));
}

/**
 * Parts that the patterns of the languages for stated ages and private details share. All patterns
 * are written for the output of `plainOf`.
 */

export interface AgePatterns {
  /** Replacements, in this order, that give different words for the same thing one form. */
  readonly replacements: readonly (readonly [RegExp, string])[];
  /** Patterns of a text after the replacements in which a user states an age under 18. */
  readonly stated: readonly RegExp[];
}

/**
 * Makes a pattern from constants of this folder. Literals can't share parts, so this is the only
 * place where the page makes a pattern from text. Tests limit the time of the patterns.
 */
export function patternOf(source: string, flags = 'iu'): RegExp {
  return new RegExp(source, flags);
}

export const AGE = String.raw`1[0-7](?!\p{Nd})`;
/** An age that someone has soon. Someone who turns 18 soon is under 18 now. */
export const NEXT_AGE = String.raw`1[0-8](?!\p{Nd})`;

const SMILE = String.raw` {0,3}(?:[:;=]-?[()DP3/|]|\^\^|<3|\p{Extended_Pictographic})`;
const STOP = String.raw` {0,3}(?:$|[,،;؛!?؟…()/~*"-](?! ?\p{Nd}))`;

/**
 * Returns a pattern of the end of a stated age. A unit, as in "17 minutes", doesn't match.
 * @param words pattern of words that can follow an age but can't be a unit
 * @param point pattern of a point after a number, which makes an ordinal in German
 */
export function ageEnd(words: string, point = String.raw`\.(?!\p{Nd})`): string {
  return String.raw`(?:${STOP}| {0,3}${point}|${SMILE}| {1,3}(?:${words}|lo+l|lmf?ao|xd+|ha(?:ha)+h?|he(?:he)+|bro|btw|tho|fr)(?!\p{L}))`;
}

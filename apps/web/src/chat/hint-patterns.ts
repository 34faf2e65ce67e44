/**
 * Patterns of a group of languages for the hints about chat lines. All patterns are written for the
 * output of `plainOf`.
 */

export interface AgePatterns {
  /** Replacements, in this order, that give different words for the same thing one form. */
  readonly replacements: readonly (readonly [RegExp, string])[];
  /** Patterns of a text after the replacements in which a user states an age under 18. */
  readonly stated: readonly RegExp[];
}

export interface DetailPatterns {
  readonly email: readonly RegExp[];
  readonly link: readonly RegExp[];
}

import type { Prng } from '@farandole/kernel/prng';

/** Probabilities and times that decide how users come, act and leave. */
export const HABITS = {
  /** Longest time between two visits, in ms. */
  awayMs: 3_000,
  /** Chance to search again after a call. */
  goesOn: 0.6,
  /**
   * Chance to become restless after a call: the user then searches and withdraws several times in a
   * row. `restlessFor` is how many times.
   */
  restless: 0.01,
  restlessFor: 14,
  /** Chance that a visit uses a new cookie. */
  newCookie: 0.1,
  /** Chance that a user whose browser was killed returns for the same call. */
  returns: 0.7,
  /**
   * Chances that the returning browser lost its device key, and that its page is of an older
   * version.
   */
  losesDevice: 0.1,
  oldPage: 0.05,
  /** Chances to rejoin the call, and to end it. */
  rejoins: 0.75,
  declines: 0.15,
  /** Chance to allow a direct connection at once. */
  consents: 0.3,
  /** Chance to offer video instead of sending a line. */
  offersVideo: 0.3,
  /**
   * Chance that the browser didn't store the answer to a report, so that it sends the report again.
   */
  forgetsAnswers: 0.3,
  /** Chance to remove a block on arrival, and chance to keep the block's proof. */
  takesBack: 0.4,
  keepsProof: 0.3,
  /** Chance that a user restricted to text searches for video. */
  insistsOnVideo: 0.3,
  secondTab: 0.04,
} as const;

/** How a user behaves for some visits. */
export interface Character {
  readonly isMinor: boolean;
  readonly mode: 'video' | 'text';
  readonly skips: boolean;
  readonly thinksMs: number;
  readonly patienceMs: number;
  readonly paceMs: number;
  /** Chance that the next action ends the call, and chance that the end is a block or report. */
  readonly ends: number;
  readonly parts: number;
}

export function drawCharacter(prng: Prng): Character {
  const skips = prng.chance(0.15);
  return {
    isMinor: prng.chance(0.01),
    mode: prng.chance(0.5) ? 'video' : 'text',
    skips,
    thinksMs: skips ? 50 : 1_500,
    patienceMs: 40_000,
    paceMs: skips ? 400 : 4_000,
    ends: skips ? 0.8 : 0.16,
    parts: 0.03,
  };
}

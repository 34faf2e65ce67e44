import type { Prng } from '@farandole/kernel/prng';

/** Probabilities and times that decide how simulated users come, act and leave. */
export const HABITS = {
  /** Longest time between two visits of a user, in ms. */
  awayMs: 3_000,
  /** Chance that a user searches again after a call. */
  goesOn: 0.6,
  /**
   * Chance that a user becomes restless after a call, and then searches and withdraws
   * `restlessFor` times in a row.
   */
  restless: 0.01,
  restlessFor: 14,
  /** Chance that a user's visit begins with a new cookie. */
  newCookie: 0.1,
  /** Chance that a user whose browser was killed returns to continue the same call. */
  returns: 0.7,
  /**
   * Chance that the returning browser lost its device key, and chance that its page is of an
   * older version.
   */
  losesDevice: 0.1,
  oldPage: 0.05,
  /**
   * Chance that a returning user rejoins the call, and chance that the user ends the call
   * instead.
   */
  rejoins: 0.75,
  declines: 0.15,
  /** Chance that a user allows a direct connection at the beginning of a call. */
  consents: 0.3,
  /** Chance that a user offers video instead of sending a chat line. */
  offersVideo: 0.3,
  /** Chance that a user takes the call to a lower mode instead of sending a chat line. */
  lowers: 0.15,
  /**
   * Chance that the browser didn't store the answer to a report, in which case it sends the
   * report again.
   */
  forgetsAnswers: 0.3,
  /**
   * Chance that an arriving user removes one of their blocks, and chance that the user keeps the
   * proof after this.
   */
  takesBack: 0.4,
  keepsProof: 0.3,
  /** Chance that a user restricted to text searches for video anyway. */
  insistsOnVideo: 0.3,
  /** Chance that a user seeks language exchange where it is offered. */
  exchanges: 0.5,
  secondTab: 0.04,
  /** Chance that a search is for the question mode, and that a proven user then asks. */
  questions: 0.3,
  asks: 0.7,
  /** Chance that a page shows a bell in time, and that its user then wants one more round. */
  seesBell: 0.9,
  wantsMore: 0.7,
} as const;

/** Behaviour of a simulated user for some visits. */
export interface Character {
  readonly isMinor: boolean;
  readonly mode: 'video' | 'text';
  readonly skips: boolean;
  readonly thinksMs: number;
  readonly patienceMs: number;
  readonly paceMs: number;
  /**
   * Chance that the user's next action ends the call, and chance that this action is a block or
   * report.
   */
  readonly ends: number;
  readonly parts: number;
}

/** A user who talks slowly and for long, so that the call is still on when the bell rings. */
export const PATIENT: Pick<Character, 'skips' | 'paceMs' | 'ends' | 'parts'> = {
  skips: false,
  paceMs: 80_000,
  ends: 0.02,
  parts: 0.01,
};

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

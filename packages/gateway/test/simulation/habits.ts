import type { Prng } from '@farandole/kernel/prng';

/** How people come and go. */
export const HABITS = {
  /** Longest time between two visits. */
  awayMs: 3_000,
  /** Chance to search again after ending a call. */
  goesOn: 0.6,
  /** Chance to search and withdraw repeatedly then, and how often. */
  restless: 0.01,
  restlessFor: 14,
  /** Chance that a visit has a new cookie. */
  newCookie: 0.1,
  /** Chance to reopen a killed browser for the same call. */
  returns: 0.7,
  /** Chance that its device key is lost, and that a page is of an older version. */
  losesDevice: 0.1,
  oldPage: 0.05,
  /** Chances to rejoin the call, and to end it. */
  rejoins: 0.75,
  declines: 0.15,
  /** Chance to allow a direct connection at once. */
  consents: 0.3,
  /** Chance to offer video instead of a line of text. */
  offersVideo: 0.3,
  /** Chance that the browser did not store the answer to a report, and sends it again. */
  forgetsAnswers: 0.3,
  /** Chance to remove a block on arrival, and to keep its proof. */
  takesBack: 0.4,
  keepsProof: 0.3,
  /** Chance to search by video with a text-only sanction. */
  insistsOnVideo: 0.3,
  secondTab: 0.04,
} as const;

/** How a person behaves for some visits. */
export interface Character {
  readonly isMinor: boolean;
  readonly mode: 'video' | 'text';
  readonly skips: boolean;
  readonly thinksMs: number;
  readonly patienceMs: number;
  readonly paceMs: number;
  /** Chances that the next action ends the call, and that it blocks or reports. */
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

import type { Prng } from '@farandole/kernel/prng';

/** How people come and go. */
export const HABITS = {
  /** At most so long between two visits. */
  awayMs: 3_000,
  /** Whether somebody who ends a call looks for another person. */
  goesOn: 0.6,
  /** Whether they then search and stop again and again, so often in a row. */
  restless: 0.01,
  restlessFor: 14,
  /** How many visits are by somebody whom the server has never seen. */
  newCookie: 0.1,
  /** How many of those whose browser is killed open it again at once, for the same call. */
  returns: 0.7,
  /** How many of them have lost the key of the device; and how many pages are of an older version. */
  losesDevice: 0.1,
  oldPage: 0.05,
  /** Of a call that they are offered to go on with: how many take it up, and how many end it. */
  rejoins: 0.75,
  declines: 0.15,
  /** How many agree to a direct connection at once. */
  consents: 0.3,
  /** How often somebody offers video, in place of a line of a text call. */
  offersVideo: 0.3,
  /** How many browsers have not written down that a report was answered, and say it again. */
  forgetsAnswers: 0.3,
  /** How many of those who have blocked somebody take one block back when they come, and keep its proof. */
  takesBack: 0.4,
  keepsProof: 0.3,
  /** How often somebody who may only write tries by video all the same. */
  insistsOnVideo: 0.3,
  /** How many of those who wait open another tab. */
  secondTab: 0.04,
} as const;

/** What kind of person somebody is, for some visits. */
export interface Character {
  readonly isMinor: boolean;
  readonly mode: 'video' | 'text';
  /** Goes on at once, again and again. */
  readonly skips: boolean;
  readonly thinksMs: number;
  readonly patienceMs: number;
  readonly paceMs: number;
  /** The chances that the next thing done in a call ends it, or reports or blocks. */
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

import type { ShieldRules } from '@farandole/protocol/shield-rules';
import type { Scores } from '../../src/shield/scores.ts';
import type { ShieldEvent, ShieldState } from '../../src/shield/shield-machine.ts';

/** As an operator may set them: the rules of the tests are not the defaults on purpose. */
export const RULES: ShieldRules = {
  explicitAt: 0.75,
  cleanBelow: 0.35,
  mayResume: true,
  mayBeOff: false,
};

/** Scores of a picture that is as explicit as that; the rest of it is clothed skin. */
export function explicit(share: number): Scores {
  return { drawing: 0, hentai: share / 4, neutral: 0, porn: (share * 3) / 4, sexy: 1 - share };
}

export const CLEAN = explicit(0.05);
export const UNSURE = explicit(0.55);
export const EXPLICIT = explicit(0.95);

/** The machine under test, or one with a bug planted in it. */
export interface Machine {
  readonly INITIAL_SHIELD_STATE: ShieldState;
  isOpen(state: ShieldState): boolean;
  deadlineOfShield(state: ShieldState): number | null;
  shieldTransition(
    state: ShieldState,
    event: ShieldEvent,
    nowMs: number,
    rules: ShieldRules,
  ): ShieldState;
}

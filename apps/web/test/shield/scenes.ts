import type { ShieldRules } from '@farandole/protocol/shield-rules';
import type { ShieldEvent, ShieldState } from '../../src/shield/shield-machine.ts';
import type { shieldViewOf } from '../../src/shield/shield-view.ts';

/** An operator's rules; they differ from the defaults on purpose. */
export const RULES: ShieldRules = {
  explicitAt: 0.75,
  cleanBelow: 0.35,
  mayResume: true,
  mayBeOff: false,
};

/** Chance that always gives the middle: a pause of 600 ms. */
export const MIDDLE = (): number => 0.5;

export const rulesOfTests = (): ShieldRules => RULES;

/** The shipped views or ones with a planted bug. */
export interface Views {
  readonly shieldViewOf: typeof shieldViewOf;
}

/** The shipped machine or one with a planted bug. */
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

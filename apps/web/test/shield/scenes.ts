import type { ShieldRules } from '@farandole/protocol/shield-rules';
import type { ShieldEvent, ShieldState } from '../../src/shield/shield-machine.ts';
import type { shieldViewOf } from '../../src/shield/shield-view.ts';

/**
 * Shield settings of an operator. They differ from the defaults so that code that ignores them
 * fails the test.
 */
export const RULES: ShieldRules = {
  explicitAt: 0.75,
  cleanBelow: 0.35,
  mayResume: true,
  mayBeOff: false,
};

/** A random source that always returns the middle, so that each pause is 600 ms. */
export const MIDDLE = (): number => 0.5;

export const rulesOfTests = (): ShieldRules => RULES;

/** The shield's views, as shipped or with a planted bug. */
export interface Views {
  readonly shieldViewOf: typeof shieldViewOf;
}

/** The shield's state machine, as shipped or with a planted bug. */
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

import type { ShieldRules } from '@farandole/protocol/shield-rules';
import type { ShieldEvent, ShieldState } from '../../src/shield/shield-machine.ts';

/** As an operator may set them: the rules of the tests are not the defaults on purpose. */
export const RULES: ShieldRules = {
  explicitAt: 0.75,
  cleanBelow: 0.35,
  mayResume: true,
  mayBeOff: false,
};

export const rulesOfTests = (): ShieldRules => RULES;

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

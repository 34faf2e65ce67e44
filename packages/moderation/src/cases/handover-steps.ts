import type { MemberId } from '@farandole/accounts/ids';

/**
 * What child safety goes through with a case that may be of a minor, in this order. Nothing of it is sent from
 * here: people tell people, and it is written down who did which step and when.
 */
export const HAND_OVER_STEPS = [
  /** Nothing of it was opened, copied or sent. */
  'left-closed',
  'hotline-told',
  'authority-told',
  /** The codes, times and calls of its reports were handed over. */
  'handed-over',
] as const;

export type HandOverStep = (typeof HAND_OVER_STEPS)[number];

/** That somebody has done a step. */
export interface HandOverTick {
  readonly step: HandOverStep;
  readonly by: MemberId;
  readonly atMs: number;
}

/** Those of two cases that become one: of each step the first. */
export function joinTicks(
  own: readonly HandOverTick[] = [],
  others: readonly HandOverTick[] = [],
): readonly HandOverTick[] {
  const all = [...own, ...others].toSorted((a, b) => a.atMs - b.atMs);
  return HAND_OVER_STEPS.flatMap((step) => all.find((tick) => tick.step === step) ?? []);
}

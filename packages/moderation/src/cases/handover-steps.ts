import type { MemberId } from '@farandole/accounts/ids';

/** Child safety's steps, in order. The server sends nothing: it records who did which step. */
export const HAND_OVER_STEPS = [
  /** Evidence was not opened, copied or sent. */
  'left-closed',
  'hotline-told',
  'authority-told',
  /** Codes, times and calls of the reports were handed over. */
  'handed-over',
] as const;

export type HandOverStep = (typeof HAND_OVER_STEPS)[number];

export interface HandOverTick {
  readonly step: HandOverStep;
  readonly by: MemberId;
  readonly atMs: number;
}

/** Joins the steps of two cases: the first of each. */
export function joinTicks(
  own: readonly HandOverTick[] = [],
  others: readonly HandOverTick[] = [],
): readonly HandOverTick[] {
  const all = [...own, ...others].toSorted((a, b) => a.atMs - b.atMs);
  return HAND_OVER_STEPS.flatMap((step) => all.find((tick) => tick.step === step) ?? []);
}

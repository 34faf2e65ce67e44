import type { MemberId } from '@farandole/accounts/ids';

/**
 * The steps of handing a child-safety case to a hotline or authority, in order. The server
 * records them and sends nothing itself.
 */
export const HAND_OVER_STEPS = [
  /** The member didn't open, copy or send the evidence. */
  'left-closed',
  'hotline-told',
  'authority-told',
  /**
   * The member gave the hotline or authority each report's code and time, and how its two users
   * were matched.
   */
  'handed-over',
] as const;

export type HandOverStep = (typeof HAND_OVER_STEPS)[number];

export interface HandOverTick {
  readonly step: HandOverStep;
  readonly by: MemberId;
  readonly atMs: number;
}

/** Combines the handover steps of two cases and keeps the earlier entry of each step. */
export function joinTicks(
  own: readonly HandOverTick[] = [],
  others: readonly HandOverTick[] = [],
): readonly HandOverTick[] {
  const all = [...own, ...others].toSorted((a, b) => a.atMs - b.atMs);
  return HAND_OVER_STEPS.flatMap((step) => all.find((tick) => tick.step === step) ?? []);
}

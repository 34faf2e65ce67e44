import { type Hour, type HourPlan, NO_HOURS } from '@farandole/matchmaking/hours';

/** The published hours at the last tick, and those that were on, at most one of each pool. */
export interface HoursSeen {
  readonly plan: HourPlan;
  readonly on: readonly Hour[];
}

export const NONE_SEEN: HoursSeen = { plan: NO_HOURS, on: [] };

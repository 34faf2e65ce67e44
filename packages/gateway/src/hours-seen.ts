import { type Hour, type HourPlan, NO_HOURS } from '@farandole/matchmaking/hours';

/** The published hours at the last tick, and the one that was on. */
export interface HoursSeen {
  readonly plan: HourPlan;
  readonly hour: Hour | null;
}

export const NONE_SEEN: HoursSeen = { plan: NO_HOURS, hour: null };

import {
  NUMBERS_APPEALS_MS,
  NUMBERS_DECISIONS_MAX,
  PUBLIC_NUMBERS_MIN,
  PUBLIC_PERCENT_STEP,
} from '../limits.ts';
import type { Records } from '../store/records.ts';
import { countAppeals, quantile, timesToDecision } from './numbers.ts';

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;

/**
 * Published statistics of the last `NUMBERS_APPEALS_MS`, too coarse to reveal a single case. A
 * figure is null if there is too little data.
 */
export interface PublicNumbers {
  /** Median time from first report to decision in hours. Above a day, rounded up to whole days. */
  readonly halfWithinHours: number | null;
  /** Percentage of answered appeals that overturned the decision. */
  readonly overturnedPercent: number | null;
}

export async function readPublicNumbers(
  records: Records,
  { nowMs }: { readonly nowMs: number },
): Promise<PublicNumbers> {
  const recent = { atMs: { from: nowMs - NUMBERS_APPEALS_MS } };
  const newest = { limit: NUMBERS_DECISIONS_MAX, newestFirst: true };
  const decisions = await records.decisions.find(recent, newest);
  const standing = decisions.filter(({ reversedAtMs }) => reversedAtMs === null);
  const times = await timesToDecision(records, standing);
  const { answered, overturned } = await countAppeals(records, nowMs);
  return {
    halfWithinHours: times.length < PUBLIC_NUMBERS_MIN ? null : roundedHours(quantile(times, 0.5)),
    overturnedPercent: answered < PUBLIC_NUMBERS_MIN ? null : roundedPercent(overturned / answered),
  };
}

/** Rounds up, so that the published time is never shorter than the real one. */
function roundedHours(ms: number): number {
  const hours = Math.max(1, Math.ceil(ms / HOUR_MS));
  return hours <= DAY_HOURS ? hours : Math.ceil(hours / DAY_HOURS) * DAY_HOURS;
}

function roundedPercent(share: number): number {
  return Math.round((100 * share) / PUBLIC_PERCENT_STEP) * PUBLIC_PERCENT_STEP;
}

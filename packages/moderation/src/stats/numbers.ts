import type { MemberId } from '@farandole/accounts/ids';
import { requireMember } from '@farandole/accounts/members';
import { ok, type Result } from '@farandole/kernel/result';
import { MEASURES, type Measure } from '../cases/decision.ts';
import { readsOf } from '../evidence/exposures.ts';
import {
  NUMBERS_APPEALS_MAX,
  NUMBERS_APPEALS_MS,
  NUMBERS_DECISIONS_MAX,
  NUMBERS_MS,
  NUMBERS_REPORTS_MAX,
  SHIFT_MS,
  TALLY_KEPT_MS,
} from '../limits.ts';
import type { Records } from '../store/records.ts';
import { removeOld } from '../store/remove-old.ts';
import type { Decision, StoredReport, Tally } from '../store/stored.ts';

const HOUR_MS = 3_600_000;
const TALLIES_MAX = 1_000;

/** The ways to meet, in the order in which the console shows their figures. */
export const WAYS = ['video', 'voice', 'text', 'exchange', 'question'] as const;
export type Way = (typeof WAYS)[number];

/** Calls and reports of one way to meet. A call counts for the way in which it started. */
export interface WayNumbers {
  readonly way: Way;
  readonly calls: number;
  readonly reports: number;
}

/** The console's statistics of the last `NUMBERS_MS`. A figure is null if unknown. */
export interface Numbers {
  readonly sinceMs: number;
  readonly reports: number;
  readonly calls: number;
  readonly reportsPer1000Calls: number | null;
  /**
   * The ways to meet that had calls or reports. A report without a known meeting is left out, and
   * so are reports older than the newest `NUMBERS_REPORTS_MAX`.
   */
  readonly byWay: readonly WayNumbers[];
  /** Time from a case's first report to its decision, over the newest decisions. */
  readonly timeToDecision: { readonly p50Ms: number; readonly p95Ms: number } | null;
  readonly decisions: number;
  readonly byMeasure: Readonly<Partial<Record<Measure, number>>>;
  /** Number of appeals answered within `NUMBERS_APPEALS_MS`, and of those overturned. */
  readonly appeals: { readonly answered: number; readonly overturned: number };
  /** Number of items that the requesting member read in the last `SHIFT_MS`. */
  readonly exposures: number;
  /** Number of pictures that the requesting member viewed in the last `SHIFT_MS`. */
  readonly reveals: number;
}

export async function readNumbers(
  records: Records,
  { by, nowMs }: { readonly by: MemberId; readonly nowMs: number },
): Promise<Result<Numbers, 'not-allowed'>> {
  const allowed = await requireMember(records, by, 'numbers.read');
  if (!allowed.ok) return allowed;
  const sinceMs = nowMs - NUMBERS_MS;
  const recent = { atMs: { from: sinceMs } };
  const reports = await records.reports.count(recent);
  const tallies = await records.tallies.find(recent, { limit: TALLIES_MAX });
  const calls = sumOf(tallies, ALL_CALLS);
  const decisions = await records.decisions.find(recent, {
    limit: NUMBERS_DECISIONS_MAX,
    newestFirst: true,
  });
  const standing = decisions.filter(({ reversedAtMs }) => reversedAtMs === null);
  return ok({
    sinceMs,
    reports,
    calls,
    reportsPer1000Calls: calls === 0 ? null : (1_000 * reports) / calls,
    byWay: await countWays(records, tallies, sinceMs),
    timeToDecision: await timeToDecision(records, standing),
    decisions: standing.length,
    byMeasure: countMeasures(standing),
    appeals: await countAppeals(records, nowMs),
    exposures: await readsOf(records, by, nowMs),
    reveals: await records.audit.countOf(by, 'picture.reveal', nowMs - SHIFT_MS),
  });
}

/** Prefixes of the ids of tallies, before the hour. */
const ALL_CALLS = 'calls-';
const callsOf = (way: string): string => `calls-of-${way}-`;

function sumOf(tallies: readonly Tally[], prefix: string): number {
  return tallies
    .filter(({ id, atMs }) => id === `${prefix}${atMs}`)
    .reduce((sum, { count }) => sum + count, 0);
}

async function countWays(
  records: Records,
  tallies: readonly Tally[],
  sinceMs: number,
): Promise<readonly WayNumbers[]> {
  const found = await records.reports.find(
    { atMs: { from: sinceMs } },
    { limit: NUMBERS_REPORTS_MAX, newestFirst: true },
  );
  const ways = found.map(wayOf);
  return WAYS.map((way) => ({
    way,
    calls: sumOf(tallies, callsOf(way)),
    reports: ways.filter((one) => one === way).length,
  })).filter(({ calls, reports }) => calls + reports > 0);
}

/** The way in which the users of a report met. An exchange is one way in all of its modes. */
function wayOf({ pair }: StoredReport): string | null {
  const isExchange = pair?.reportedIn?.startsWith('exchange-') === true;
  return isExchange ? 'exchange' : (pair?.mode ?? null);
}

async function timeToDecision(
  records: Records,
  decisions: readonly Decision[],
): Promise<Numbers['timeToDecision']> {
  const times = await timesToDecision(records, decisions);
  if (times.length === 0) return null;
  return { p50Ms: quantile(times, 0.5), p95Ms: quantile(times, 0.95) };
}

/** Returns the time from each case's first report to its decision, sorted ascending. */
export async function timesToDecision(
  records: Records,
  decisions: readonly Decision[],
): Promise<readonly number[]> {
  const times: number[] = [];
  for (const decision of decisions) {
    const of = await records.cases.get(decision.case);
    if (of !== null) times.push(Math.max(0, decision.atMs - of.openedAtMs));
  }
  return times.sort((a, b) => a - b);
}

/** Returns the nearest-rank quantile of values sorted in ascending order. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

function countMeasures(decisions: readonly Decision[]): Numbers['byMeasure'] {
  const counts: Partial<Record<Measure, number>> = {};
  for (const measure of MEASURES) {
    const count = decisions.filter((decision) => decision.measure === measure).length;
    if (count > 0) counts[measure] = count;
  }
  return counts;
}

export async function countAppeals(records: Records, nowMs: number): Promise<Numbers['appeals']> {
  const answered = await records.appeals.find(
    { standing: 'subject', state: 'answered', atMs: { from: nowMs - NUMBERS_APPEALS_MS } },
    { limit: NUMBERS_APPEALS_MAX, newestFirst: true },
  );
  const overturned = answered.filter(
    (appeal) => appeal.state === 'answered' && appeal.outcome === 'overturn',
  );
  return { answered: answered.length, overturned: overturned.length };
}

/**
 * Adds calls to the stored number of calls in each hour. Nodes report calls in batches.
 *
 * @param input.ways how many of the calls began in each way. Absent if unknown
 */
export async function countCalls(
  records: Records,
  input: {
    readonly calls: number;
    readonly ways?: Readonly<Partial<Record<Way, number>>>;
    readonly nowMs: number;
  },
): Promise<number> {
  const { calls, ways = {}, nowMs } = input;
  const atMs = Math.floor(nowMs / HOUR_MS) * HOUR_MS;
  const add = async (id: string, more: number): Promise<number> => {
    const count = ((await records.tallies.get(id))?.count ?? 0) + more;
    await records.tallies.put({ id, atMs, count });
    return count;
  };
  const count = await add(`${ALL_CALLS}${atMs}`, calls);
  for (const way of WAYS) {
    const more = ways[way] ?? 0;
    if (more > 0) await add(`${callsOf(way)}${atMs}`, more);
  }
  await removeOld(records.tallies, nowMs - TALLY_KEPT_MS, 10);
  return count;
}

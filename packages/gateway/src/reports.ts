import type { MatchId } from '@farandole/kernel/id';
import type { Side } from '@farandole/protocol/fields';
import { ExpiringMap, trustedAgeMs } from './expiring-map.ts';
import { REPORT_WAITERS_MAX, REPORTS_MERGE_FOR_MS, REPORTS_REMEMBERED_MAX } from './limits.ts';
import type { ReportedRecord, ReportRecord } from './ports.ts';
import type { Session } from './session.ts';

/** Somebody who is owed an answer, once the report is on disk or could not be written. */
export interface ReportWaiter {
  readonly session: Session;
  /** The page's name for the report. */
  readonly id: string;
}

export interface KnownReport {
  /** The name under which it came first: the same name again is the same report. */
  readonly id: string;
  readonly code: string;
  readonly state: 'pending' | 'stored';
  readonly waiters: readonly ReportWaiter[];
}

/** Which side of which call has reported, so that a second report of it finds the first. */
export class Reports {
  readonly #known: ExpiringMap<string, KnownReport>;

  constructor(max = REPORTS_REMEMBERED_MAX) {
    this.#known = new ExpiringMap(REPORTS_MERGE_FOR_MS, max);
  }

  get size(): number {
    return this.#known.size;
  }

  find(match: MatchId, side: Side, nowMs: number): KnownReport | undefined {
    return this.#known.get(keyOf(match, side), nowMs);
  }

  /** A first report is being written. */
  begin(record: ReportRecord, waiter: ReportWaiter, nowMs: number): void {
    const { id, code } = record;
    const report: KnownReport = { id, code, state: 'pending', waiters: [waiter] };
    this.#known.set(keyOf(record.match, record.reporterSide), report, nowMs);
  }

  /** One more answer is owed for a pending report; false when it owes too many already. */
  join(
    match: MatchId,
    side: Side,
    report: KnownReport,
    waiter: ReportWaiter,
    nowMs: number,
  ): boolean {
    if (report.waiters.length >= REPORT_WAITERS_MAX) return false;
    const waiters = [...report.waiters, waiter];
    this.#known.set(keyOf(match, side), { ...report, waiters }, nowMs);
    return true;
  }

  /**
   * The write has ended; one that failed is forgotten, so that the page can try again.
   *
   * @returns those who are owed an answer
   */
  settle(record: ReportRecord, stored: boolean, nowMs: number): readonly ReportWaiter[] {
    const key = keyOf(record.match, record.reporterSide);
    const report = this.#known.get(key, nowMs);
    if (report === undefined) return [];
    if (stored) this.#known.set(key, { ...report, state: 'stored', waiters: [] }, nowMs);
    else this.#known.delete(key);
    return report.waiters;
  }

  /** Reads back a report of before the restart. */
  replay(record: ReportRecord | ReportedRecord, nowMs: number, nowWallMs: number): void {
    const { id, code } = record;
    const ageMs = trustedAgeMs(record.atWallMs, nowWallMs, REPORTS_MERGE_FOR_MS);
    const report: KnownReport = { id, code, state: 'stored', waiters: [] };
    this.#known.set(keyOf(record.match, record.reporterSide), report, nowMs, ageMs);
  }
}

function keyOf(match: MatchId, side: Side): string {
  return `${match}/${side}`;
}

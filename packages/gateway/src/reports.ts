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

/**
 * The match, the reporter's seat and the subject's seat. A subject has one seat in a match, so their
 * id names it, and no row needs another column.
 */
export type ReportIdentity = Pick<ReportRecord, 'match' | 'reporterSide' | 'of'>;

export interface KnownReport {
  /** The name under which it came first: the same name again is the same report. */
  readonly id: string;
  readonly code: string;
  readonly state: 'pending' | 'stored';
  readonly waiters: readonly ReportWaiter[];
}

/** Which seat of which call has reported which, so that a second such report finds the first. */
export class Reports {
  readonly #known: ExpiringMap<string, KnownReport>;

  constructor(max = REPORTS_REMEMBERED_MAX) {
    this.#known = new ExpiringMap(REPORTS_MERGE_FOR_MS, max);
  }

  get size(): number {
    return this.#known.size;
  }

  find(of: ReportIdentity, nowMs: number): KnownReport | undefined {
    return this.#known.get(keyOf(of), nowMs);
  }

  /** A first report is being written. */
  begin(record: ReportRecord, waiter: ReportWaiter, nowMs: number): void {
    const { id, code } = record;
    const report: KnownReport = { id, code, state: 'pending', waiters: [waiter] };
    this.#known.set(keyOf(record), report, nowMs);
  }

  /** One more answer is owed for a pending report; false when it owes too many already. */
  join(of: ReportIdentity, report: KnownReport, waiter: ReportWaiter, nowMs: number): boolean {
    if (report.waiters.length >= REPORT_WAITERS_MAX) return false;
    const waiters = [...report.waiters, waiter];
    this.#known.set(keyOf(of), { ...report, waiters }, nowMs);
    return true;
  }

  /**
   * The write has ended; one that failed is forgotten, so that the page can try again.
   *
   * @returns those who are owed an answer
   */
  settle(record: ReportRecord, stored: boolean, nowMs: number): readonly ReportWaiter[] {
    const key = keyOf(record);
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
    this.#known.set(keyOf(record), report, nowMs, ageMs);
  }
}

function keyOf({ match, reporterSide, of }: ReportIdentity): string {
  return `${match}/${reporterSide}/${of}`;
}

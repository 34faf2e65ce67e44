import { ExpiringMap, trustedAgeMs } from './expiring-map.ts';
import { REPORT_WAITERS_MAX, REPORTS_MERGE_FOR_MS, REPORTS_REMEMBERED_MAX } from './limits.ts';
import type { FirstReport, ReportedRecord, ReportRecord } from './ports.ts';
import type { Session } from './session.ts';

export interface ReportWaiter {
  readonly session: Session;
  /** Id of the report, chosen by the page. */
  readonly id: string;
}

/**
 * Identifies the reports of one user about another in one call. Needs no seat for the reported
 * user, because a user has only one seat per call.
 */
export type ReportIdentity = Pick<ReportRecord, 'match' | 'reporterSide' | 'of'>;

export interface KnownReport {
  /**
   * Report id of the first request. A request with the same id is a retry of the same report. Null
   * if the store no longer knows it.
   */
  readonly id: string | null;
  readonly code: string;
  readonly state: 'pending' | 'stored';
  readonly waiters: readonly ReportWaiter[];
}

/** Finds the first report of a user in a call, so that later ones are merged with it. */
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

  begin(record: ReportRecord, waiter: ReportWaiter, nowMs: number): void {
    const { id, code } = record;
    const report: KnownReport = { id, code, state: 'pending', waiters: [waiter] };
    this.#known.set(keyOf(record), report, nowMs);
  }

  /**
   * Adds a client that waits for a report to be written. Returns false if too many clients wait
   * for this report.
   */
  join(of: ReportIdentity, report: KnownReport, waiter: ReportWaiter, nowMs: number): boolean {
    if (report.waiters.length >= REPORT_WAITERS_MAX) return false;
    const waiters = [...report.waiters, waiter];
    this.#known.set(keyOf(of), { ...report, waiters }, nowMs);
    return true;
  }

  /**
   * Handles the result of storing a report. A report that failed is removed, so that the page can
   * retry.
   * @param stored the report that the store keeps, or null after a failure
   * @returns the clients that wait for the result
   */
  settle(record: ReportRecord, stored: FirstReport | null, nowMs: number): readonly ReportWaiter[] {
    const key = keyOf(record);
    const report = this.#known.get(key, nowMs);
    if (report === undefined) return [];
    if (stored === null) {
      this.#known.delete(key);
      return report.waiters;
    }
    const { id, code } = stored;
    this.#known.set(key, { id, code, state: 'stored', waiters: [] }, nowMs);
    return report.waiters;
  }

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

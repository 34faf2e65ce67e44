import { ExpiringMap, trustedAgeMs } from './expiring-map.ts';
import { REPORT_WAITERS_MAX, REPORTS_MERGE_FOR_MS, REPORTS_REMEMBERED_MAX } from './limits.ts';
import type { ReportedRecord, ReportRecord } from './ports.ts';
import type { Session } from './session.ts';

export interface ReportWaiter {
  readonly session: Session;
  /** The report's id, chosen by the page. */
  readonly id: string;
}

/** A subject has one seat per match, so no seat column is needed. */
export type ReportIdentity = Pick<ReportRecord, 'match' | 'reporterSide' | 'of'>;

export interface KnownReport {
  /** Id of the first request; the same id is the same report. */
  readonly id: string;
  readonly code: string;
  readonly state: 'pending' | 'stored';
  readonly waiters: readonly ReportWaiter[];
}

/** Finds the first report of a seat in a call, to merge later ones. */
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

  /** Adds a waiter to a pending report; false if it has too many. */
  join(of: ReportIdentity, report: KnownReport, waiter: ReportWaiter, nowMs: number): boolean {
    if (report.waiters.length >= REPORT_WAITERS_MAX) return false;
    const waiters = [...report.waiters, waiter];
    this.#known.set(keyOf(of), { ...report, waiters }, nowMs);
    return true;
  }

  /** A failed report is removed, so that the page can retry. @returns the waiters */
  settle(record: ReportRecord, stored: boolean, nowMs: number): readonly ReportWaiter[] {
    const key = keyOf(record);
    const report = this.#known.get(key, nowMs);
    if (report === undefined) return [];
    if (stored) this.#known.set(key, { ...report, state: 'stored', waiters: [] }, nowMs);
    else this.#known.delete(key);
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

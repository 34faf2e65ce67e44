import type { Clock } from '@farandole/kernel/clock';
import type { Result } from '@farandole/kernel/result';
import type { OwnWarning, ReportOutcome } from '@farandole/protocol/http-api';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { type ReadonlySignal, signal } from '@preact/signals';
import type { KeyValueStore } from '../base/ports.ts';
import {
  CODE_KEPT_MS,
  CODES_MAX,
  MET_KEPT_MS,
  MET_MAX,
  NEWS_ASKED_EVERY_MS,
  REPORT_KEPT_MS,
  REPORTS_MAX,
} from './limits.ts';
import type {
  RecordStore,
  ReportCreate,
  StoredBlock,
  StoredDecision,
  StoredMeeting,
  StoredReport,
} from './stored-records.ts';

export interface RecordsPorts {
  readonly store: RecordStore;
  readonly clock: Clock;
  /** Queries the server for the outcome of a report, in a request without cookies. */
  readonly askOutcome: (proof: string) => Promise<Result<ReportOutcome>>;
  readonly askWarning: () => Promise<Result<OwnWarning | null>>;
  /** Time up to which the user dismissed warnings on this device. */
  readonly warned: { read(): number; write(untilMs: number): void };
}

/** Outcomes of a report that can change only because of an appeal. */
const DECIDED: ReadonlySet<ReportOutcome> = new Set<ReportOutcome>(['action-taken', 'no-breach']);

/**
 * Meetings, reports and decisions stored on this device. A report is stored before it is sent,
 * so that it is not lost if the page closes. The server accepts one report per user and call, so
 * sending a report again is harmless. Without storage the records last until the page closes.
 */
export class Records {
  readonly #ports: RecordsPorts;
  readonly #reports = signal<readonly StoredReport[]>([]);
  readonly #meetings = signal<readonly StoredMeeting[]>([]);
  readonly #decisions = signal<readonly StoredDecision[]>([]);
  readonly #warning = signal<OwnWarning | null>(null);
  #askedAtMs = Number.NEGATIVE_INFINITY;

  private constructor(ports: RecordsPorts) {
    this.#ports = ports;
  }

  /** Loads the stored records and drops expired ones. Never rejects. */
  static async open(ports: RecordsPorts): Promise<Records> {
    const { store } = ports;
    const [reports, meetings, decisions] = await Promise.all([
      store.reports().catch((): readonly StoredReport[] => []),
      store.meetings().catch((): readonly StoredMeeting[] => []),
      store.decisions().catch((): readonly StoredDecision[] => []),
    ]);
    const records = new Records(ports);
    const nowMs = ports.clock.wallMs();
    records.#reports.value = newestFirst(reports).filter(
      ({ id, atMs, state }) =>
        state.state === 'waiting' ||
        isKept(nowMs - atMs < REPORT_KEPT_MS, () => store.removeReport(id)),
    );
    records.#meetings.value = newestFirst(meetings).filter(({ match, atMs }) =>
      isKept(nowMs - atMs < MET_KEPT_MS, () => store.removeMeeting(match)),
    );
    records.#decisions.value = newestFirst(decisions).filter(({ code, atMs }) =>
      isKept(nowMs - atMs < CODE_KEPT_MS, () => store.removeDecision(code)),
    );
    return records;
  }

  /** Reports that the user made, newest first. */
  get reports(): ReadonlySignal<readonly StoredReport[]> {
    return this.#reports;
  }

  /** Meetings of the last day, newest first. */
  get meetings(): ReadonlySignal<readonly StoredMeeting[]> {
    return this.#meetings;
  }

  /** Moderation decisions about this user, newest first. */
  get decisions(): ReadonlySignal<readonly StoredDecision[]> {
    return this.#decisions;
  }

  /** The newest warning from the moderators that the user hasn't dismissed. */
  get warning(): ReadonlySignal<OwnWarning | null> {
    return this.#warning;
  }

  get waiting(): readonly { readonly match: string; readonly message: ReportCreate }[] {
    return this.#reports.value.flatMap(({ match, state }) =>
      state.state === 'waiting' ? [{ match, message: state.message }] : [],
    );
  }

  met(meeting: Omit<StoredMeeting, 'atMs'>): void {
    const { match, receipt } = meeting;
    const before = this.#meetings.value.find((one) => one.match === match);
    if (before?.receipt === receipt) return;
    // A newer receipt of a meeting replaces the older one.
    const kept: StoredMeeting = { ...meeting, atMs: before?.atMs ?? this.#ports.clock.wallMs() };
    const others = this.#meetings.value.filter((one) => one.match !== match);
    this.#meetings.value = newestFirst([kept, ...others]).slice(0, MET_MAX);
    for (const { match: gone } of [kept, ...others]) {
      if (!this.#meetings.value.some((one) => one.match === gone)) {
        quietly(this.#ports.store.removeMeeting(gone));
      }
    }
    quietly(this.#ports.store.putMeeting(kept));
  }

  /** Stores a moderation decision. If the same decision arrives again, its end may have changed. */
  decided(received: Omit<StoredDecision, 'atMs'>): void {
    const before = this.#decisions.value.find(({ code }) => code === received.code);
    if (before?.endsAtMs === received.endsAtMs && before.may === received.may) return;
    const kept: StoredDecision = { ...received, atMs: before?.atMs ?? this.#ports.clock.wallMs() };
    const all = newestFirst([kept, ...this.#decisions.value.filter((one) => one !== before)]);
    this.#decisions.value = all.slice(0, CODES_MAX);
    for (const { code } of all.slice(CODES_MAX)) quietly(this.#ports.store.removeDecision(code));
    quietly(this.#ports.store.putDecision(kept));
  }

  /** Returns the current time and, if known, the time of the reported call. */
  moment(match: string): Pick<StoredBlock, 'atMs' | 'met'> {
    const meeting = this.#meetings.value.find((one) => one.match === match);
    const met = meeting === undefined ? null : { mode: meeting.mode, atMs: meeting.atMs };
    return { atMs: this.#ports.clock.wallMs(), met };
  }

  keep(match: string, message: ReportCreate): void {
    const { id, reason } = message;
    const atMs = this.#ports.clock.wallMs();
    this.#put({ id, match, reason, atMs, state: { state: 'waiting', message } });
  }

  drop(id: string): void {
    this.#reports.value = this.#reports.value.filter((report) => report.id !== id);
    quietly(this.#ports.store.removeReport(id));
  }

  /** Handles the server's reply to a report. A temporarily refused report is sent again later. */
  answered(message: ServerMessageOf<'report.accepted'> | ServerMessageOf<'report.refused'>): void {
    const report = this.#reports.value.find(({ id }) => id === message.id);
    if (report === undefined || report.state.state !== 'waiting') return;
    if (message.type === 'report.accepted') {
      const { code, outcome: proof } = message;
      const state = { state: 'accepted', code, proof, outcome: 'received', seen: true } as const;
      this.#put({ ...report, state });
      return;
    }
    const refusal = message.reason;
    if (refusal === 'too-fast' || refusal === 'not-stored') return;
    this.#put({ ...report, state: { state: 'refused', refusal } });
  }

  /**
   * Queries the server for warnings and for outcomes of reports.
   * @param always whether to ignore the minimum time between two queries
   */
  async askNews(always: boolean): Promise<void> {
    const nowMs = this.#ports.clock.monotonicMs();
    if (!always && nowMs - this.#askedAtMs < NEWS_ASKED_EVERY_MS) return;
    this.#askedAtMs = nowMs;
    const warned = await this.#ports.askWarning();
    if (!warned.ok) return;
    const isNew = warned.value !== null && warned.value.atMs > this.#ports.warned.read();
    this.#warning.value = isNew ? warned.value : null;
    for (const { id, state } of this.#reports.value) {
      if (state.state !== 'accepted' || state.outcome === 'gone') continue;
      // Each report is queried by its own request, one after the other, so that the server can't
      // link two reports to one user.
      const received = await this.#ports.askOutcome(state.proof);
      if (!received.ok) return;
      this.#heard(id, received.value);
    }
  }

  understood(): void {
    if (this.#warning.value !== null) this.#ports.warned.write(this.#warning.value.atMs);
    this.#warning.value = null;
  }

  /** Marks all reports and decisions as seen by the user. */
  startViewing(): void {
    for (const report of this.#reports.value) {
      const { state } = report;
      if (state.state !== 'accepted' || state.seen) continue;
      this.#put({ ...report, state: { ...state, seen: true } });
    }
  }

  /** Deletes all stored records except unsent reports. */
  forget(): void {
    const { store } = this.#ports;
    for (const { match } of this.#meetings.value) quietly(store.removeMeeting(match));
    this.#meetings.value = [];
    for (const { code } of this.#decisions.value) quietly(store.removeDecision(code));
    this.#decisions.value = [];
    for (const { id, state } of this.#reports.value) {
      if (state.state !== 'waiting') quietly(store.removeReport(id));
    }
    this.#reports.value = this.#reports.value.filter(({ state }) => state.state === 'waiting');
  }

  #heard(id: string, outcome: ReportOutcome): void {
    const report = this.#reports.value.find((one) => one.id === id);
    if (report?.state.state !== 'accepted' || report.state.outcome === outcome) return;
    const seen = report.state.seen && !DECIDED.has(outcome);
    this.#put({ ...report, state: { ...report.state, outcome, seen } });
  }

  #put(report: StoredReport): void {
    const others = this.#reports.value.filter(({ id }) => id !== report.id);
    const all = newestFirst([report, ...others]);
    this.#reports.value = all.filter(
      ({ state }, at) => at < REPORTS_MAX || state.state === 'waiting',
    );
    for (const { id } of all) {
      if (!this.#reports.value.some((one) => one.id === id)) {
        quietly(this.#ports.store.removeReport(id));
      }
    }
    quietly(this.#ports.store.putReport(report));
  }
}

function isKept(kept: boolean, remove: () => Promise<void>): boolean {
  if (!kept) quietly(remove());
  return kept;
}

function newestFirst<One extends { readonly atMs: number }>(all: readonly One[]): readonly One[] {
  return all.toSorted((a, b) => b.atMs - a.atMs);
}

/**
 * If writing fails, the settings already show that storage is unavailable, and the copy in
 * memory is enough here.
 */
function quietly(work: Promise<void>): void {
  work.catch(() => {});
}

const KEY = 'farandole.warned';

/**
 * Stores the time up to which the user dismissed warnings. Without storage each visit shows
 * dismissed warnings again.
 */
export function putAwayIn(store: KeyValueStore): RecordsPorts['warned'] {
  return {
    read() {
      try {
        return Number(store.read(KEY) ?? 0) || 0;
      } catch {
        return 0;
      }
    },
    write(untilMs) {
      try {
        store.write(KEY, String(untilMs));
      } catch {
        // If the browser blocks storage, dismissed warnings stay dismissed until the page closes.
      }
    },
  };
}

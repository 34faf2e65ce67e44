import type { FirstReport, Journal, JournalRecord, ReportRecord } from '@farandole/gateway/ports';
import type { Clock } from '@farandole/kernel/clock';
import type { SubjectId } from '@farandole/kernel/id';
import type { ApartChange } from '@farandole/moderation/apart/note-apart';
import type { ReportId } from '@farandole/moderation/ids';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { noticeDelayMs } from '@farandole/moderation/trust/notice';
import {
  CHANGES_AT_ONCE,
  REPORTS_AT_ONCE,
  STORE_ANSWERS_WITHIN_MS,
  STORE_ASKED_AGAIN_AFTER_MS,
  UNSTORED_MAX,
} from '../limits.ts';
import type { Log } from '../observe/log.ts';
import { codeOf } from '../start-error.ts';
import { BatchQueue } from './batch-queue.ts';
import { reportIdOf, reportInputOf } from './report-input.ts';
import { SendQueue } from './send-queue.ts';

/** Journal entries, by number, that were just stored or not stored. */
export interface SettledEntries {
  readonly entries: readonly number[];
  readonly stored: boolean;
  /** The stored report of this user in this call. Absent for other entries. */
  readonly first?: FirstReport;
}

export interface StoreJournalOptions {
  readonly store: Pick<ModerationStore, 'run'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly freshId: () => string;
  /** Returns a random number in [0, 1). */
  readonly chance: () => number;
  readonly onSettled: (settled: SettledEntries) => void;
  /** Called before reports are sent. Resolves when the store has their reporters' networks. */
  readonly onReport: () => Promise<void>;
  /** Called for a user whose trust may have changed, because a report about the user was stored. */
  readonly onTaken: (subject: SubjectId) => void;
}

/** An entry whose result the gateway doesn't have yet. */
interface Unsettled {
  readonly entry: number;
  readonly untilMs: number;
}

interface Change extends Unsettled {
  readonly change: ApartChange;
  isSettled: boolean;
}

interface Report {
  readonly record: ReportRecord;
  /** Entries that wait for the answer, because a repeated report waits for the same answer. */
  readonly waits: Unsettled[];
}

/**
 * The gateway's journal, which sends each record to the store in one step. An entry is settled when
 * the store has committed it or failed, and as not stored when the store doesn't answer within
 * `STORE_ANSWERS_WITHIN_MS`.
 *
 * Reports are sent in order, without waiting for each other. Blocks, their removals and age refusals
 * are sent one batch after the other, so that the removal of a block never overtakes the block. What
 * was settled as not stored stays in its queue and is stored later, because it holds in memory too.
 * Only such a removal is dropped, because the block then continues to hold.
 *
 * The page repeats a report or a block that wasn't stored. It doesn't repeat an age refusal, and only
 * this node knows it until it is stored, so it is sent again until the store takes it.
 */
export class StoreJournal implements Journal {
  readonly #options: StoreJournalOptions;
  readonly #changes: BatchQueue<Change>;
  readonly #reports: SendQueue<Report>;
  /** Age refusals that the store didn't take. */
  #untaken: readonly Change[] = [];
  #againAtMs = 0;
  /** The reports that the store hasn't answered, by id. */
  readonly #reportOf = new Map<ReportId, Report>();

  constructor(options: StoreJournalOptions) {
    this.#options = options;
    this.#changes = new BatchQueue(CHANGES_AT_ONCE, (changes) => this.#note(changes));
    this.#reports = new SendQueue(REPORTS_AT_ONCE, options.onReport, (report) =>
      this.#take(report),
    );
  }

  /** Number of records that the store hasn't answered. */
  get size(): number {
    return this.#changes.size + this.#reportOf.size + this.#untaken.length;
  }

  /** Number of reports that the store hasn't answered. */
  get reports(): number {
    return this.#reportOf.size;
  }

  append(entry: number, record: JournalRecord): void {
    // The pair ledger stores meetings.
    if (record.kind === 'encounter') return;
    const wait = { entry, untilMs: this.#options.clock.monotonicMs() + STORE_ANSWERS_WITHIN_MS };
    const queued = record.kind === 'report' ? this.#reportOf.get(reportIdOf(record)) : undefined;
    if (queued !== undefined) queued.waits.push(wait);
    else if (this.size >= UNSTORED_MAX) {
      // The gateway expects the result after `append` has returned.
      queueMicrotask(() => this.#failed([entry], 'too-many'));
    } else if (record.kind === 'report') {
      const report = { record, waits: [wait] };
      this.#reportOf.set(reportIdOf(record), report);
      this.#reports.push(report);
    } else this.#changes.push({ ...wait, change: record, isSettled: false });
  }

  /** Settles the entries for which the store took too long. */
  tick(nowMs: number): void {
    const late: number[] = [];
    for (const change of this.#changes.items) {
      if (change.isSettled || change.untilMs > nowMs || isAgeRefusal(change)) continue;
      change.isSettled = true;
      late.push(change.entry);
    }
    if (late.length > 0) {
      this.#changes.keep(({ change, isSettled }) => !isSettled || change.kind !== 'unblock');
    }
    for (const { waits } of this.#reportOf.values()) {
      // The waits are in the order of their deadlines.
      while (waits[0] !== undefined && waits[0].untilMs <= nowMs) {
        late.push(waits[0].entry);
        waits.shift();
      }
    }
    this.#failed(late, 'late');
    if (nowMs >= this.#againAtMs) void this.#sendAgain();
  }

  /** Resolves when the store has answered every record. */
  async close(): Promise<void> {
    await Promise.all([this.#changes.whenIdle(), this.#reports.whenIdle(), this.#sendAgain()]);
  }

  /** Sends the age refusals without other changes, which would fail together with them. */
  async #sendAgain(): Promise<void> {
    const untaken = this.#untaken;
    this.#untaken = [];
    if (untaken.length > 0) await this.#note(untaken);
  }

  async #take({ record, waits }: Report): Promise<void> {
    const { store, freshId, chance, onTaken } = this.#options;
    const fresh = { caseId: freshId(), noticeDelayMs: noticeDelayMs(chance()) };
    try {
      const { first } = await store.run('report.take', reportInputOf(record, fresh));
      onTaken(record.of);
      this.#settle(entriesOf(waits), { stored: true, first });
    } catch (error) {
      this.#failed(entriesOf(waits), codeOf(error) ?? 'unknown');
    } finally {
      this.#reportOf.delete(reportIdOf(record));
    }
  }

  async #note(batch: readonly Change[]): Promise<void> {
    const changes = batch.map(({ change }) => change);
    const unsettled = (some: readonly Change[]) =>
      entriesOf(some.filter(({ isSettled }) => !isSettled));
    try {
      await this.#options.store.run('apart.note', { changes });
      this.#settle(unsettled(batch), { stored: true });
    } catch (error) {
      const others = batch.filter((change) => !isAgeRefusal(change));
      this.#failed(unsettled(others), codeOf(error) ?? 'unknown');
      this.#untaken = [...this.#untaken, ...batch.filter(isAgeRefusal)];
      this.#againAtMs = this.#options.clock.monotonicMs() + STORE_ASKED_AGAIN_AFTER_MS;
    }
  }

  #failed(entries: readonly number[], code: string): void {
    if (entries.length === 0) return;
    this.#options.log({ event: 'journal-failed', code });
    this.#settle(entries, { stored: false });
  }

  #settle(entries: readonly number[], result: Omit<SettledEntries, 'entries'>): void {
    if (entries.length > 0) this.#options.onSettled({ entries, ...result });
  }
}

function isAgeRefusal({ change }: Change): boolean {
  return change.kind === 'age-refused';
}

function entriesOf(unsettled: readonly Unsettled[]): readonly number[] {
  return unsettled.map(({ entry }) => entry);
}

import type { JournalRecord, ReportRecord } from '@farandole/gateway/ports';
import type { Clock } from '@farandole/kernel/clock';
import { brandId, type SubjectId } from '@farandole/kernel/id';
import type { ReportInput } from '@farandole/moderation/cases/take-report';
import type { CaseId, ReportId } from '@farandole/moderation/ids';
import { CASE_KEPT_MS } from '@farandole/moderation/limits';
import { REPORT_REASONS } from '@farandole/moderation/reports/reason';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import type { FileJournal } from '../journal/file-journal.ts';
import { reportKey } from '../journal/journal-record.ts';

/** Batch size, so that other store tasks don't wait long. */
const TAKEN_AT_ONCE = 100;

export interface ReportIntakeOptions {
  readonly journal: Pick<FileJournal, 'waiting' | 'reportTaken' | 'letGo' | 'flushReports'>;
  readonly store: Pick<ModerationStore, 'run'>;
  readonly clock: Clock;
  readonly freshId: () => string;
  /** A user's trust may have changed. */
  readonly onTaken: (subject: SubjectId) => void;
}

/**
 * Moves reports from the journal into cases, then deletes them from the journal.
 *
 * The reporter waits only for the journal. Reports of one moment share a message and a transaction
 * of the store. If the store fails, a report stays in the journal and is retried, also by the next
 * process. Duplicates are taken once.
 */
export class ReportIntake {
  readonly #options: ReportIntakeOptions;
  readonly #written = new Map<number, ReportRecord>();
  /** On disk, in no case and not in transit. */
  readonly #untaken: Map<string, ReportRecord>;
  readonly #taking = new Set<Promise<void>>();

  constructor(options: ReportIntakeOptions) {
    this.#options = options;
    this.#untaken = new Map(options.journal.waiting.map((record) => [reportKey(record), record]));
  }

  recorded(entry: number, record: JournalRecord): void {
    if (record.kind === 'report') this.#written.set(entry, record);
  }

  settled(entries: readonly number[], stored: boolean): void {
    for (const entry of entries) {
      const record = this.#written.get(entry);
      if (record === undefined) continue;
      this.#written.delete(entry);
      if (stored) this.#untaken.set(reportKey(record), record);
    }
  }

  /** Sends a batch to the store. @returns whether there is more @throws StoreError; the next call retries */
  async takeUntaken(): Promise<boolean> {
    const some = [...this.#untaken.values()].slice(0, TAKEN_AT_ONCE);
    for (const record of some) this.#untaken.delete(reportKey(record));
    const outcomes = await Promise.allSettled(some.map((record) => this.#take(record)));
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    return this.#untaken.size > 0;
  }

  releaseTaken(): void {
    this.#options.journal.releaseTaken();
  }

  /**
   * Resolves when each report on disk so far was taken or rejected. Doesn't wait for later ones,
   * because under load the journal is never idle.
   */
  async whenTaken(): Promise<void> {
    try {
      // Oldest first; a failed one goes to the end.
      for (let left = this.#untaken.size; left > 0; left -= TAKEN_AT_ONCE) await this.takeUntaken();
    } catch {
      // Retried at the next tick or by the next process.
    }
    await Promise.allSettled([...this.#taking]);
  }

  /** Resolves when all appended reports are settled and taken or rejected. */
  async whenIdle(): Promise<void> {
    await this.#options.journal.flushReports();
    await this.whenTaken();
  }

  async #take(record: ReportRecord): Promise<void> {
    const taking = this.#run(record);
    this.#taking.add(taking);
    try {
      await taking;
      this.#options.journal.reportTaken(record);
    } catch (error) {
      this.#untaken.set(reportKey(record), record);
      throw error;
    } finally {
      this.#taking.delete(taking);
    }
  }

  async #run(record: ReportRecord): Promise<void> {
    const { store, clock } = this.#options;
    // Older cases were deleted already.
    if (clock.wallMs() - record.atWallMs >= CASE_KEPT_MS) return;
    await store.run('report.take', this.#inputOf(record));
    this.#options.onTaken(record.of);
  }

  #inputOf(record: ReportRecord): ReportInput {
    const { match, by, of, ofDevice, note, lines, code, atWallMs } = record;
    return {
      report: {
        // Hides the page's own id. Each side of a call reports at most once.
        id: brandId<ReportId>(reportKey(record)),
        match,
        by,
        of,
        ofDevice,
        // The protocol validates reasons, but the file may come from a later version.
        reason: REPORT_REASONS.find((reason) => reason === record.reason) ?? 'other',
        note,
        lines: lines.length,
        evidence: evidenceOf(record),
        atMs: atWallMs,
      },
      said: lines,
      code,
      side: record.reporterSide,
      freshCase: brandId<CaseId>(this.#options.freshId()),
    };
  }
}

/** The gateway verified the tag of each line, and keeps none if one was forged. */
function evidenceOf({ contradicted, lines }: ReportRecord): ReportInput['report']['evidence'] {
  if (contradicted === true) return 'contradicted';
  return lines.length > 0 ? 'verified' : 'inconclusive';
}

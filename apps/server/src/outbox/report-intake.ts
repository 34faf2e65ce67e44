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

/** Reports that are taken at once, so that nothing else that the store is asked waits for all of them. */
const TAKEN_AT_ONCE = 100;

export interface ReportIntakeOptions {
  readonly journal: Pick<FileJournal, 'waiting' | 'reportTaken' | 'letGo' | 'flushReports'>;
  readonly store: Pick<ModerationStore, 'run'>;
  readonly clock: Clock;
  readonly freshId: () => string;
  /** Something became known of somebody. */
  readonly onTaken: (subject: SubjectId) => void;
}

/**
 * Takes each report that is in the journal into a case, and then lets the journal forget it.
 *
 * The journal is what the reporter waits for, and nobody waits for the case: so those of a moment are
 * taken together, by one message to the store and one transaction of it. A report that the store could
 * not take yet stays in the journal and is offered again, also by the next process. One that is told
 * twice is taken once.
 */
export class ReportIntake {
  readonly #options: ReportIntakeOptions;
  readonly #written = new Map<number, ReportRecord>();
  /** On the disk, in no case, and not on its way into one. */
  readonly #untaken: Map<string, ReportRecord>;
  readonly #taking = new Set<Promise<void>>();

  constructor(options: ReportIntakeOptions) {
    this.#options = options;
    this.#untaken = new Map(options.journal.waiting.map((record) => [reportKey(record), record]));
  }

  /** The gateway appends this record to its journal, under this entry. */
  recorded(entry: number, record: JournalRecord): void {
    if (record.kind === 'report') this.#written.set(entry, record);
  }

  /** Entries of the journal are on the disk, or are not and will not be. */
  settled(entries: readonly number[], stored: boolean): void {
    for (const entry of entries) {
      const record = this.#written.get(entry);
      if (record === undefined) continue;
      this.#written.delete(entry);
      if (stored) this.#untaken.set(reportKey(record), record);
    }
  }

  /**
   * Takes some of what the store has not.
   *
   * @returns whether there is more of it
   * @throws StoreError; what was not taken is offered again at the next call
   */
  async takeUntaken(): Promise<boolean> {
    const some = [...this.#untaken.values()].slice(0, TAKEN_AT_ONCE);
    for (const record of some) this.#untaken.delete(reportKey(record));
    const outcomes = await Promise.allSettled(some.map((record) => this.#take(record)));
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    return this.#untaken.size > 0;
  }

  /** Lets the journal forget what the store has. */
  letGo(): void {
    this.#options.journal.letGo();
  }

  /**
   * Resolves when each report that is on the disk by now was taken or could not be, whatever comes
   * meanwhile: where many report without a pause the journal never rests.
   */
  async whenTaken(): Promise<void> {
    try {
      // The oldest go first, and one that fails goes to the end.
      for (let left = this.#untaken.size; left > 0; left -= TAKEN_AT_ONCE) await this.takeUntaken();
    } catch {
      // It is offered again at the next tick, or by the next process.
    }
    await Promise.allSettled([...this.#taking]);
  }

  /** Resolves when what was appended is settled, and was taken or could not be. */
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
    // What is older has been decided on long ago, and is kept no longer.
    if (clock.wallMs() - record.atWallMs >= CASE_KEPT_MS) return;
    await store.run('report.take', this.#inputOf(record));
    this.#options.onTaken(record.of);
  }

  #inputOf(record: ReportRecord): ReportInput {
    const { match, by, of, ofDevice, note, lines, code, atWallMs } = record;
    return {
      report: {
        // The page's own name for it is nobody else's business; one side of a call reports once.
        id: brandId<ReportId>(reportKey(record)),
        match,
        by,
        of,
        ofDevice,
        // The protocol lets no other through; a later version's may be in a file.
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

/** The gateway has verified the tag of each line, and kept none where one was made up. */
function evidenceOf({ contradicted, lines }: ReportRecord): ReportInput['report']['evidence'] {
  if (contradicted === true) return 'contradicted';
  return lines.length > 0 ? 'verified' : 'inconclusive';
}

import type { JournalRecord, NetworkName, ReportRecord } from '@farandole/gateway/ports';
import type { Clock } from '@farandole/kernel/clock';
import { brandId, type SubjectId } from '@farandole/kernel/id';
import type { ReportInput } from '@farandole/moderation/cases/take-report';
import type { AnchorHash, CaseId, ReportId } from '@farandole/moderation/ids';
import { CASE_KEPT_MS } from '@farandole/moderation/limits';
import { REPORT_REASONS } from '@farandole/moderation/reports/reason';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { noticeDelayMs } from '@farandole/moderation/trust/notice';
import type { FileJournal } from '../journal/file-journal.ts';
import { reportKey } from '../journal/journal-record.ts';

/**
 * Number of reports that are sent to the store per batch. It is small, so that other store tasks
 * don't wait long.
 */
const TAKEN_AT_ONCE = 100;

export interface ReportIntakeOptions {
  readonly journal: Pick<FileJournal, 'waiting' | 'reportTaken' | 'releaseTaken' | 'flushReports'>;
  readonly store: Pick<ModerationStore, 'run'>;
  readonly clock: Clock;
  readonly freshId: () => string;
  /** Returns a random number in [0, 1). */
  readonly chance: () => number;
  /** Called for a user whose trust may have changed, because a report about the user was stored. */
  readonly onTaken: (subject: SubjectId) => void;
}

/**
 * Moves reports from the journal into cases, then deletes them from the journal.
 *
 * The reporter waits only for the journal. The reports of one batch share one message to the store
 * and one transaction. If the store fails, the report stays in the journal, and this process or the
 * next one retries. A report that arrives twice is stored once.
 */
export class ReportIntake {
  readonly #options: ReportIntakeOptions;
  readonly #written = new Map<number, ReportRecord>();
  /** Reports on disk that are neither in a case nor being sent to the store. */
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

  /**
   * Sends a batch of reports to the store.
   *
   * @returns whether more reports are left
   * @throws StoreError; the next call retries
   */
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
   * Resolves when each report that is now on disk is in a case or was rejected. Doesn't wait for
   * later reports, because under load new ones arrive all the time.
   */
  async whenTaken(): Promise<void> {
    try {
      // Reports are sent oldest first. A report that fails moves to the end.
      for (let left = this.#untaken.size; left > 0; left -= TAKEN_AT_ONCE) await this.takeUntaken();
    } catch {
      // The next tick or the next process sends the failed report again.
    }
    await Promise.allSettled([...this.#taking]);
  }

  /**
   * Resolves when all appended reports are on disk or failed, and each report on disk is in a case
   * or was rejected.
   */
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
    // The report is dropped, because a case as old as this report would already be deleted.
    if (clock.wallMs() - record.atWallMs >= CASE_KEPT_MS) return;
    await store.run('report.take', this.#inputOf(record));
    this.#options.onTaken(record.of);
  }

  #inputOf(record: ReportRecord): ReportInput {
    const { match, by, of, ofDevice, note, lines, code, from, byDevice } = record;
    const { lastedMs, atWallMs, overBudget } = record;
    return {
      report: {
        // The report's key replaces the id that the page chose. The key is unique, because each
        // participant of a call can report at most once.
        id: brandId<ReportId>(reportKey(record)),
        match,
        by,
        of,
        ofDevice,
        // The protocol validates reasons, but a later version with more reasons may have written
        // the journal file.
        reason: REPORT_REASONS.find((reason) => reason === record.reason) ?? 'other',
        note,
        lines: lines.length,
        evidence: evidenceOf(record),
        ...(from !== undefined && { from: anchorsOf(from) }),
        ...(byDevice !== undefined && { byDevice }),
        ...(lastedMs !== undefined && { lastedMs }),
        atMs: atWallMs,
      },
      said: lines,
      code,
      side: record.reporterSide,
      freshCase: brandId<CaseId>(this.#options.freshId()),
      noticeDelayMs: noticeDelayMs(this.#options.chance()),
      ...(overBudget === true && { overBudget }),
    };
  }
}

function anchorsOf({ network, parent }: NetworkName): NonNullable<ReportInput['report']['from']> {
  return { network: brandId<AnchorHash>(network), parent: brandId<AnchorHash>(parent) };
}

/** The gateway verified the tag of each chat line. If a tag was forged, the report has no lines. */
function evidenceOf({ contradicted, lines }: ReportRecord): ReportInput['report']['evidence'] {
  if (contradicted === true) return 'contradicted';
  return lines.length > 0 ? 'verified' : 'inconclusive';
}

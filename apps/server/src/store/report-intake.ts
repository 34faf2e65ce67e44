import type { Journal, JournalRecord, ReportRecord } from '@farandole/gateway/ports';
import { brandId } from '@farandole/kernel/id';
import type { ReportInput } from '@farandole/moderation/desk/take-report';
import type { CaseId, ReportId } from '@farandole/moderation/ids';
import { CASE_KEPT_MS } from '@farandole/moderation/limits';
import type { ModerationStore } from '@farandole/moderation/ports';
import { REPORT_REASONS } from '@farandole/moderation/reason';

/** Earlier reports that are taken at once, so that a new one need not wait for all of them. */
const EARLIER_AT_ONCE = 100;

export interface ReportIntakeOptions {
  readonly journal: Journal;
  readonly store: Pick<ModerationStore, 'run'>;
  readonly freshId: () => string;
  readonly onFailed: (error: unknown) => void;
}

/**
 * Takes each report that is in the journal into a case.
 *
 * The journal is what the reporter waits for; a report that the store could not take yet is taken
 * when the node starts again. One that is told twice is taken once.
 */
export class ReportIntake implements Journal {
  readonly #options: ReportIntakeOptions;
  readonly #written = new Map<number, ReportRecord>();

  constructor(options: ReportIntakeOptions) {
    this.#options = options;
  }

  append(entry: number, record: JournalRecord): void {
    if (record.kind === 'report') this.#written.set(entry, record);
    this.#options.journal.append(entry, record);
  }

  /** Entries of the journal are on the disk, or are not and will not be. */
  settled(entries: readonly number[], stored: boolean): void {
    for (const entry of entries) {
      const record = this.#written.get(entry);
      if (record === undefined) continue;
      this.#written.delete(entry);
      if (stored) this.#take(record).catch(this.#options.onFailed);
    }
  }

  /**
   * Takes what earlier runs have left in the journal. Resolves when all of it is in the store.
   *
   * @throws StoreError
   */
  async takeEarlier(records: readonly JournalRecord[], nowMs: number): Promise<void> {
    const reports = records
      .filter((record) => record.kind === 'report')
      // What is older has been decided on long ago, and is kept no longer.
      .filter(({ atWallMs }) => nowMs - atWallMs < CASE_KEPT_MS);
    for (let at = 0; at < reports.length; at += EARLIER_AT_ONCE) {
      const some = reports.slice(at, at + EARLIER_AT_ONCE);
      await Promise.all(some.map((record) => this.#take(record)));
    }
  }

  async #take(record: ReportRecord): Promise<void> {
    await this.#options.store.run('report.take', this.#inputOf(record));
  }

  #inputOf(record: ReportRecord): ReportInput {
    const { match, by, of, ofDevice, note, lines, reporterSide, code, atWallMs } = record;
    return {
      report: {
        // The page's own name for it is nobody else's business; one side of a call reports once.
        id: brandId<ReportId>(`${match}-${reporterSide}`),
        match,
        by,
        of,
        ofDevice,
        // The protocol lets no other through; a later version's may be in a file.
        reason: REPORT_REASONS.find((reason) => reason === record.reason) ?? 'other',
        note,
        lines: lines.length,
        // The gateway has verified the tag of each.
        evidence: lines.length > 0 ? 'verified' : 'inconclusive',
        atMs: atWallMs,
      },
      said: lines,
      code,
      network: null,
      freshCase: brandId<CaseId>(this.#options.freshId()),
    };
  }
}

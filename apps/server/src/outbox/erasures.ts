import type { SubjectId } from '@farandole/kernel/id';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import type { FileJournal } from '../journal/file-journal.ts';
import { JOURNAL_COMPACTED_EVERY_MS } from '../limits.ts';

/**
 * Compacts the journal for users who requested erasure, on any node or by command line, read from
 * the audit. Also removes expired records at the start and once a day.
 */
export class Erasures {
  readonly #store: Pick<ModerationStore, 'run'>;
  readonly #journal: Pick<FileJournal, 'compact'>;
  /** Users with possible records left, and when they last requested erasure. */
  readonly #left = new Map<SubjectId, number>();
  #after = 0;
  #dueAtMonotonicMs = Number.NEGATIVE_INFINITY;

  constructor(store: Pick<ModerationStore, 'run'>, journal: Pick<FileJournal, 'compact'>) {
    this.#store = store;
    this.#journal = journal;
  }

  /**
   * @param nowMs the date by which records expire
   * @returns whether more audit rows are left
   * @throws StoreError; the next call retries
   */
  async work(monotonicMs: number, nowMs: number): Promise<boolean> {
    const what = { what: 'erased', after: this.#after } as const;
    const { subjects, until, more } = await this.#store.run('subjects.concerned', what);
    for (const { subject, atMs } of subjects) this.#left.set(subject, atMs);
    this.#after = until;
    if (more || (this.#left.size === 0 && monotonicMs < this.#dueAtMonotonicMs)) return more;
    const erasedAt = new Map(this.#left);
    // The journal logs a disk failure; the next call retries.
    if (!(await this.#journal.compact(erasedAt, nowMs))) return false;
    this.#left.clear();
    this.#dueAtMonotonicMs = monotonicMs + JOURNAL_COMPACTED_EVERY_MS;
    return false;
  }
}

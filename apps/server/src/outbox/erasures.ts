import type { SubjectId } from '@farandole/kernel/id';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import type { FileJournal } from '../journal/file-journal.ts';
import { JOURNAL_COMPACTED_EVERY_MS } from '../limits.ts';

/**
 * Removes from the journal the records of users who requested erasure. The requests are read from
 * the audit, so they may come from any node or the command line. Also removes expired records from
 * the journal, at the start and once a day.
 */
export class Erasures {
  readonly #store: Pick<ModerationStore, 'run'>;
  readonly #journal: Pick<FileJournal, 'compact'>;
  /**
   * Users whose records may still be in the journal, with the time of each user's last erasure
   * request.
   */
  readonly #left = new Map<SubjectId, number>();
  #after = 0;
  #dueAtMonotonicMs = Number.NEGATIVE_INFINITY;

  constructor(store: Pick<ModerationStore, 'run'>, journal: Pick<FileJournal, 'compact'>) {
    this.#store = store;
    this.#journal = journal;
  }

  /**
   * @param nowMs date that decides which records have expired
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
    // If the disk fails, the journal logs the error, and the next call retries.
    if (!(await this.#journal.compact(erasedAt, nowMs))) return false;
    this.#left.clear();
    this.#dueAtMonotonicMs = monotonicMs + JOURNAL_COMPACTED_EVERY_MS;
    return false;
  }
}

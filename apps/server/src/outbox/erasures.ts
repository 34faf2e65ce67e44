import type { SubjectId } from '@farandole/kernel/id';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import type { FileJournal } from '../journal/file-journal.ts';
import { JOURNAL_COMPACTED_EVERY_MS } from '../limits.ts';

/**
 * Has the journal of this node let go of what somebody had erased, through this node, another one, or the command
 * line: the audit says who, and a process begins with the first that it still has. Once a day, and as it
 * starts, also of what is too old.
 */
export class Erasures {
  readonly #store: Pick<ModerationStore, 'run'>;
  readonly #journal: Pick<FileJournal, 'compact'>;
  /** Those of whom lines may be left, and when they last asked. */
  readonly #left = new Map<SubjectId, number>();
  #after = 0;
  #dueAtMonotonicMs = Number.NEGATIVE_INFINITY;

  constructor(store: Pick<ModerationStore, 'run'>, journal: Pick<FileJournal, 'compact'>) {
    this.#store = store;
    this.#journal = journal;
  }

  /**
   * @param nowMs the date by which what is old goes
   * @returns whether there is more to hear of
   * @throws StoreError; it is asked again the next time
   */
  async work(monotonicMs: number, nowMs: number): Promise<boolean> {
    const what = { what: 'erased', after: this.#after } as const;
    const { subjects, until, more } = await this.#store.run('subjects.concerned', what);
    for (const { subject, atMs } of subjects) this.#left.set(subject, atMs);
    this.#after = until;
    if (more || (this.#left.size === 0 && monotonicMs < this.#dueAtMonotonicMs)) return more;
    const erasedAt = new Map(this.#left);
    // A disk that failed says so in the log, and is asked again.
    if (!(await this.#journal.compact(erasedAt, nowMs))) return false;
    this.#left.clear();
    this.#dueAtMonotonicMs = monotonicMs + JOURNAL_COMPACTED_EVERY_MS;
    return false;
  }
}

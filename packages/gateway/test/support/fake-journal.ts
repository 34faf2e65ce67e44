import type { Journal, JournalRecord } from '../../src/ports.ts';

export interface PendingRecord {
  readonly entry: number;
  readonly record: JournalRecord;
}

/** A fake journal whose writes finish when the test says so. */
export class FakeJournal implements Journal {
  #pending: PendingRecord[] = [];
  /** Records on disk, oldest first. A restarted node reads these. */
  readonly stored: JournalRecord[] = [];

  append(entry: number, record: JournalRecord): void {
    this.#pending.push({ entry, record });
  }

  get pending(): readonly PendingRecord[] {
    return this.#pending;
  }

  /** Finishes all pending writes. @returns the entry numbers, for `journalSettled` */
  settleAll(stored: boolean): readonly number[] {
    const settled = this.#pending;
    this.#pending = [];
    if (stored) this.stored.push(...settled.map(({ record }) => record));
    return settled.map(({ entry }) => entry);
  }
}

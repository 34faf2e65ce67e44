import type { Journal, JournalRecord } from '../../src/ports.ts';

export interface PendingRecord {
  readonly entry: number;
  readonly record: JournalRecord;
}

/** A journal that writes when, and if, the test says so. */
export class FakeJournal implements Journal {
  #pending: PendingRecord[] = [];
  /** What is on disk, oldest first: what a restarted node reads back. */
  readonly stored: JournalRecord[] = [];

  append(entry: number, record: JournalRecord): void {
    this.#pending.push({ entry, record });
  }

  /** What is being written, oldest first. */
  get pending(): readonly PendingRecord[] {
    return this.#pending;
  }

  /**
   * Ends the writing of everything that is pending, well or not.
   *
   * @returns the entries, for the test to settle with the gateway
   */
  settleAll(stored: boolean): readonly number[] {
    const settled = this.#pending;
    this.#pending = [];
    if (stored) this.stored.push(...settled.map(({ record }) => record));
    return settled.map(({ entry }) => entry);
  }
}

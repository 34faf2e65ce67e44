import type { Prng } from '@farandole/kernel/prng';
import type { JournalRecord } from '../../../src/ports.ts';
import type { Scheduler } from '../scheduler.ts';

/** The store that all nodes of a simulated cluster share. It outlives every node. */
export class SharedStore {
  readonly stored: JournalRecord[] = [];
  isAway = false;
  isSlow = false;
  readonly #scheduler: Scheduler;
  readonly #prng: Prng;

  constructor(scheduler: Scheduler, prng: Prng) {
    this.#scheduler = scheduler;
    this.#prng = prng;
  }

  /** Writes a record. `settle` is called later, unless the writing node died before. */
  write(record: JournalRecord, settle: (stored: boolean) => void): void {
    const tookMs = this.isSlow ? this.#prng.below(3_000) : 1 + this.#prng.below(20);
    this.#scheduler.after(tookMs, () => {
      const isStored = !this.isAway;
      if (isStored) this.stored.push(record);
      settle(isStored);
    });
  }
}

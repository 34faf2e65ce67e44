import type { Prng } from '@farandole/kernel/prng';
import type { Journal, JournalRecord } from '../../src/ports.ts';
import { ENCOUNTERS_KEPT_MS } from './rules.ts';
import type { Planned, Scheduler } from './scheduler.ts';

interface Writing {
  readonly record: JournalRecord;
  readonly atMs: number;
  readonly planned: Planned;
}

interface Written {
  readonly record: JournalRecord;
  readonly atMs: number;
}

/** What a disk does to those who watch it. */
export interface DiskWatch {
  /** The node hands a record over. */
  appends(record: JournalRecord): void;
  settled(entry: number, stored: boolean): void;
  stores(record: JournalRecord): void;
  loses(record: JournalRecord, writtenAtMs: number): void;
}

/**
 * A disk that survives the node. It takes its time, sometimes long, and sometimes fails; what was
 * being written when the node died is there or is not.
 */
export class SimJournal implements Journal {
  isFailing = false;
  isSlow = false;
  readonly #scheduler: Scheduler;
  readonly #prng: Prng;
  readonly #watch: DiskWatch;
  readonly #writing = new Map<number, Writing>();
  #written: Written[] = [];

  constructor(scheduler: Scheduler, prng: Prng, watch: DiskWatch) {
    this.#scheduler = scheduler;
    this.#prng = prng;
    this.#watch = watch;
  }

  append(entry: number, record: JournalRecord): void {
    this.#watch.appends(record);
    const tookMs = this.isSlow ? this.#prng.below(4_000) : 1 + this.#prng.below(30);
    const fails = this.isFailing && this.#prng.chance(0.7);
    const planned = this.#scheduler.after(tookMs, () => {
      const writing = this.#writing.get(entry);
      if (writing === undefined) return;
      this.#writing.delete(entry);
      this.#end(writing, !fails);
      this.#watch.settled(entry, !fails);
    });
    this.#writing.set(entry, { record, atMs: this.#scheduler.nowMs, planned });
  }

  /** The node dies in the midst of writing. */
  nodeDied(): void {
    for (const writing of this.#writing.values()) {
      this.#scheduler.cancel(writing.planned);
      this.#end(writing, this.#prng.chance(0.5));
    }
    this.#writing.clear();
  }

  /** What a new run of the node reads back, oldest first: somebody tidies the disk. */
  read(): readonly JournalRecord[] {
    const { nowMs } = this.#scheduler;
    this.#written = this.#written.filter(
      ({ record, atMs }) => record.kind !== 'encounter' || nowMs - atMs < 2 * ENCOUNTERS_KEPT_MS,
    );
    return this.#written.map(({ record }) => record);
  }

  #end({ record, atMs }: Writing, stored: boolean): void {
    if (stored) {
      this.#written.push({ record, atMs });
      this.#watch.stores(record);
    } else {
      this.#watch.loses(record, atMs);
    }
  }
}

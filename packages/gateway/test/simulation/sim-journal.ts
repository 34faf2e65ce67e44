import type { Prng } from '@farandole/kernel/prng';
import type { Journal, JournalRecord, ReplayedRecord, ReportRecord } from '../../src/ports.ts';
import { ENCOUNTERS_KEPT_MS } from './rules.ts';
import type { Planned, Scheduler } from './scheduler.ts';

interface Writing {
  readonly record: JournalRecord;
  readonly atMs: number;
  readonly planned: Planned;
}

interface Written {
  readonly record: ReplayedRecord;
  readonly atMs: number;
}

/** Kinds of records in the order in which a restarted node reads them. */
/** Longest time in ms until the store accepts a report. The store accepts reports in order. */
const TAKEN_WITHIN_MS = 20_000;
/** Longest time in ms until the journal deletes a report that the store accepted. */
const GO_WITHIN_MS = 2_000;

export interface DiskWatch {
  appends(record: JournalRecord): void;
  settled(entry: number, stored: boolean): void;
  stores(record: JournalRecord): void;
  loses(record: JournalRecord, writtenAtMs: number): void;
}

/**
 * A simulated disk that outlives the node's process. Some of its writes are slow, and some fail.
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

  /** Called when the node's process dies. Each pending write succeeds or is lost at random. */
  nodeDied(): void {
    for (const writing of this.#writing.values()) {
      this.#scheduler.cancel(writing.planned);
      this.#end(writing, this.#prng.chance(0.5));
    }
    this.#writing.clear();
  }

  /** Deletes old meetings, and the content of reports that are in a moderation case. */
  tidy(): void {
    const takenUntilMs = this.#scheduler.nowMs - this.#prng.below(TAKEN_WITHIN_MS);
    this.#written = this.#written.flatMap((written) => this.#left(written, takenUntilMs));
  }

  /** Records on disk now, as a read at any time finds them. */
  get stored(): readonly ReplayedRecord[] {
    return this.#written.map(({ record }) => record);
  }

  #left(written: Written, takenUntilMs: number): readonly Written[] {
    const { record, atMs } = written;
    if (record.kind === 'encounter') {
      return this.#scheduler.nowMs - atMs < 2 * ENCOUNTERS_KEPT_MS ? [written] : [];
    }
    if (record.kind !== 'report' || atMs >= takenUntilMs) return [written];
    const taken = { record: reportedOf(record), atMs };
    return atMs >= takenUntilMs - GO_WITHIN_MS ? [written, taken] : [taken];
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

/** Returns what the journal keeps of a report once the rest is in a moderation case. */
function reportedOf(record: ReportRecord): ReplayedRecord {
  const { kind: _report, reason: _reason, note: _note, lines: _lines, ...rest } = record;
  return { ...rest, kind: 'reported' };
}

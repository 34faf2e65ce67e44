import type { Prng } from '@farandole/kernel/prng';
import type { PersonFacts, PersonKey } from '../../../src/people.ts';
import type { JournalRecord } from '../../../src/ports.ts';
import { factsOf } from '../../support/facts-of.ts';
import { ENCOUNTERS_KEPT_MS } from '../rules.ts';
import type { Scheduler } from '../scheduler.ts';

type RecordOf<Kind> = Extract<JournalRecord, { kind: Kind }>;

/** How far back nodes read what others stored. */
const READ_BACK_MS = 600_000;

/** Longer than nodes count a meeting, whose dates differ by up to a minute. */
const MEETINGS_KEPT_MS = ENCOUNTERS_KEPT_MS + 60_000;

/** The store that all nodes of a simulated cluster share. It outlives every node. */
export class SharedStore {
  isAway = false;
  isSlow = false;
  readonly #scheduler: Scheduler;
  readonly #prng: Prng;
  /** The records about each cookie and each device, oldest first. */
  readonly #byId = new Map<string, Set<JournalRecord>>();
  /** The latest declarations of minors and removals of blocks, oldest first. */
  readonly #urgent: JournalRecord[] = [];

  constructor(scheduler: Scheduler, prng: Prng) {
    this.#scheduler = scheduler;
    this.#prng = prng;
  }

  /** The latest records of a kind that every node reads, oldest first. */
  latest<Kind extends 'age-refused' | 'unblock'>(kind: Kind): readonly RecordOf<Kind>[] {
    return this.#urgent.filter((record): record is RecordOf<Kind> => record.kind === kind);
  }

  factsOf(person: PersonKey): PersonFacts {
    const records = [person.subject, person.device].flatMap((id) => [
      ...(this.#byId.get(id) ?? []),
    ]);
    return factsOf([...new Set(records)], person);
  }

  /** Writes a record. `settle` is called later, unless the writing node died before. */
  write(record: JournalRecord, settle: (stored: boolean) => void): void {
    const tookMs = this.isSlow ? this.#prng.below(3_000) : 1 + this.#prng.below(20);
    this.#scheduler.after(tookMs, () => {
      const isStored = !this.isAway;
      if (isStored) this.#add(record);
      settle(isStored);
    });
  }

  #add(record: JournalRecord): void {
    if (record.kind === 'age-refused' || record.kind === 'unblock') {
      this.#urgent.push(record);
      this.#scheduler.after(READ_BACK_MS, () => this.#urgent.shift());
    }
    // A store returns no meetings older than the cool-down.
    if (record.kind === 'encounter') {
      this.#scheduler.after(MEETINGS_KEPT_MS, () => this.#delete(record));
    }
    if (record.kind === 'unblock') this.#unblock(record);
    for (const id of idsOf(record)) {
      const records = this.#byId.get(id);
      if (records === undefined) this.#byId.set(id, new Set([record]));
      else records.add(record);
    }
  }

  /** Removes a block for every cookie of its two devices, as a store does. */
  #unblock({ by, mark }: RecordOf<'unblock'>): void {
    for (const each of this.#byId.get(by) ?? []) {
      if (each.kind === 'block' && each.by === by && each.mark === mark) this.#delete(each);
    }
  }

  #delete(record: JournalRecord): void {
    for (const id of idsOf(record)) this.#byId.get(id)?.delete(record);
  }
}

/** Returns the cookies and devices of a record. */
function idsOf(record: JournalRecord): readonly string[] {
  switch (record.kind) {
    case 'encounter':
      return [...record.subjects, ...(record.devices ?? [])];
    case 'age-refused':
      return [record.subject, ...(record.device === undefined ? [] : [record.device])];
    case 'unblock':
      return [record.by, record.of];
    case 'block':
    case 'report':
      return [record.by, record.of, record.byDevice, record.ofDevice].filter(
        (id) => id !== undefined,
      );
  }
}

import type { Prng } from '@farandole/kernel/prng';
import type { People, PersonFacts, PersonKey } from '../../src/people.ts';
import type { Planned, Scheduler } from './scheduler.ts';

export interface PeopleReader {
  /** Returns what the store knows now, and how many blocks the node has removed. */
  begin(person: PersonKey): { readonly facts: PersonFacts; readonly asOf: number };
  /** Passes facts to the node. Returns false if the user must be read again. */
  deliver(facts: PersonFacts, asOf: number): boolean;
}

/** The outage of a simulated store, which outlives the node's process. */
export class StoreWeather {
  isAway = false;
  isSlow = false;
}

const RETRY_AFTER_MS = 500;
/** Longest time that a slow store takes to read a user's facts. */
export const SLOW_READ_MS = 4_000;

/**
 * What one run of the simulated node reads from the store about users. The answer comes later than
 * the read, so that writes happen in between.
 */
export class SimPeople implements People {
  readonly #scheduler: Scheduler;
  readonly #prng: Prng;
  readonly #weather: Pick<StoreWeather, 'isAway' | 'isSlow'>;
  readonly #forgets: boolean;
  readonly #reader: PeopleReader;
  readonly #known = new Set<string>();
  readonly #asked = new Map<string, Planned>();

  /**
   * @param forgets whether a user's facts are read again when the user comes back, because another
   * node may have recorded more
   */
  constructor(
    scheduler: Scheduler,
    prng: Prng,
    weather: Pick<StoreWeather, 'isAway' | 'isSlow'>,
    reader: PeopleReader,
    forgets = false,
  ) {
    this.#forgets = forgets;
    this.#scheduler = scheduler;
    this.#prng = prng;
    this.#weather = weather;
    this.#reader = reader;
  }

  arrived({ subject, device }: PersonKey): boolean {
    const key = `${subject} ${device}`;
    if (this.#known.has(key)) return true;
    if (!this.#asked.has(key)) this.#plan(key, { subject, device }, 1 + this.#prng.below(50));
    return false;
  }

  left({ subject, device }: PersonKey): void {
    const key = `${subject} ${device}`;
    this.#drop(key);
    if (this.#forgets) this.#known.delete(key);
  }

  /** Drops all pending reads, because the node's process died. */
  stop(): void {
    for (const key of [...this.#asked.keys()]) this.#drop(key);
  }

  #drop(key: string): void {
    const planned = this.#asked.get(key);
    if (planned !== undefined) this.#scheduler.cancel(planned);
    this.#asked.delete(key);
  }

  #plan(key: string, person: PersonKey, afterMs: number): void {
    const planned = this.#scheduler.after(afterMs, () => this.#read(key, person));
    this.#asked.set(key, planned);
  }

  #read(key: string, person: PersonKey): void {
    if (this.#weather.isAway) {
      this.#plan(key, person, RETRY_AFTER_MS);
      return;
    }
    const { facts, asOf } = this.#reader.begin(person);
    const tookMs = this.#weather.isSlow ? this.#prng.below(SLOW_READ_MS) : 1 + this.#prng.below(30);
    const planned = this.#scheduler.after(tookMs, () => {
      this.#asked.delete(key);
      if (this.#reader.deliver(facts, asOf)) this.#known.add(key);
      else this.#plan(key, person, 0);
    });
    this.#asked.set(key, planned);
  }
}

import { isHonest, type SimPerson } from './person.ts';

/** What a policy came to. Every figure is a mean over the days of one run. */
export interface Outcome {
  /**
   * Exposures to harm: in 1,000 calls, and in 1,000 sessions of a person who was established (more
   * than 60 sessions) or a newcomer (fewer than 20) at that moment; harmful people are not counted.
   */
  readonly exposures: {
    readonly all: number;
    readonly established: number;
    readonly newcomers: number;
  };
  /** Of all bans, the part that fell on somebody honest; 0 without a ban. */
  readonly wrongBans: number;
  /** Wrong bans in 10,000 days of honest people. */
  readonly wrongBansPer10kDays: number;
  /** Of the sessions of honest people, the part in which they were restricted. */
  readonly restrictedHonest: number;
  /** The same of those whom the shield's model misreads. */
  readonly restrictedMisread: number;
  readonly calls: number;
  readonly bans: number;
}

const ESTABLISHED_ABOVE = 60;
const NEWCOMER_BELOW = 20;

class Rate {
  #hits = 0;
  #of = 0;

  count(hit: boolean): void {
    this.#of += 1;
    if (hit) this.#hits += 1;
  }

  hit(): void {
    this.#hits += 1;
  }

  /** Hits for each `unit` of what was counted; 0 when nothing was. */
  per(unit: number): number {
    return this.#of === 0 ? 0 : (this.#hits / this.#of) * unit;
  }

  get of(): number {
    return this.#of;
  }
}

/** Counts what happens in a run. */
export class Tally {
  readonly #calls = new Rate();
  readonly #established = new Rate();
  readonly #newcomers = new Rate();
  readonly #restricted = new Rate();
  readonly #restrictedMisread = new Rate();
  readonly #bans = new Rate();
  #wrongBans = 0;
  #honestDays = 0;

  call(): void {
    this.#calls.count(false);
  }

  session(person: SimPerson, restricted: boolean): void {
    if (!isHonest(person)) return;
    this.#groupOf(person)?.count(false);
    this.#restricted.count(restricted);
    if (person.kind === 'misread') this.#restrictedMisread.count(restricted);
  }

  exposure(victim: SimPerson): void {
    this.#calls.hit();
    if (isHonest(victim)) this.#groupOf(victim, 1)?.hit();
  }

  ban(person: SimPerson): void {
    const wrong = isHonest(person);
    this.#bans.count(wrong);
    if (wrong) this.#wrongBans += 1;
  }

  honestDays(people: number): void {
    this.#honestDays += people;
  }

  get outcome(): Outcome {
    return {
      exposures: {
        all: this.#calls.per(1_000),
        established: this.#established.per(1_000),
        newcomers: this.#newcomers.per(1_000),
      },
      wrongBans: this.#bans.per(1),
      wrongBansPer10kDays: this.#honestDays === 0 ? 0 : (this.#wrongBans / this.#honestDays) * 1e4,
      restrictedHonest: this.#restricted.per(1),
      restrictedMisread: this.#restrictedMisread.per(1),
      calls: this.#calls.of,
      bans: this.#bans.of,
    };
  }

  /** @param counted sessions of the present call that are counted already */
  #groupOf({ sessions }: SimPerson, counted = 0): Rate | null {
    const before = sessions - counted;
    if (before > ESTABLISHED_ABOVE) return this.#established;
    return before < NEWCOMER_BELOW ? this.#newcomers : null;
  }
}

import { isHonest, type SimPerson } from './person.ts';

/** Results of a policy. Each is a mean over the days of a run. */
export interface Outcome {
  /**
   * Exposures to harm per 1,000 calls, and per 1,000 sessions of established users (more than 60
   * sessions) and of newcomers (fewer than 20). Exposures of harmful users aren't counted.
   */
  readonly exposures: {
    readonly all: number;
    readonly established: number;
    readonly newcomers: number;
  };
  /** Share of honest users among all banned users. 0 if nobody was banned. */
  readonly wrongBans: number;
  /** Number of bans of honest users per 10,000 user days. */
  readonly wrongBansPer10kDays: number;
  /** Share of honest users' sessions in which the user was restricted. */
  readonly restrictedHonest: number;
  /** Share of restricted sessions among those of honest users whom the shield misreads. */
  readonly restrictedMisread: number;
  /** Share of honest users' sessions in which the user was proven. */
  readonly provenHonest: number;
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

  /** Returns the rate of hits per `unit` counted items. 0 if nothing was counted. */
  per(unit: number): number {
    return this.#of === 0 ? 0 : (this.#hits / this.#of) * unit;
  }

  get of(): number {
    return this.#of;
  }
}

export class Tally {
  readonly #calls = new Rate();
  readonly #established = new Rate();
  readonly #newcomers = new Rate();
  readonly #restricted = new Rate();
  readonly #restrictedMisread = new Rate();
  readonly #proven = new Rate();
  readonly #bans = new Rate();
  #wrongBans = 0;
  #honestDays = 0;

  call(): void {
    this.#calls.count(false);
  }

  session(
    person: SimPerson,
    { restricted, proven }: { readonly restricted: boolean; readonly proven: boolean },
  ): void {
    if (!isHonest(person)) return;
    this.#proven.count(proven);
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
      provenHonest: this.#proven.per(1),
      calls: this.#calls.of,
      bans: this.#bans.of,
    };
  }

  /** @param counted number of the current call's sessions that `sessions` already includes */
  #groupOf({ sessions }: SimPerson, counted = 0): Rate | null {
    const before = sessions - counted;
    if (before > ESTABLISHED_ABOVE) return this.#established;
    return before < NEWCOMER_BELOW ? this.#newcomers : null;
  }
}

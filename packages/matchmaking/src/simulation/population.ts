import { assert, assertDefined } from '@farandole/kernel/assert';
import { brandId, type MatchId } from '@farandole/kernel/id';
import type { Prng } from '@farandole/kernel/prng';
import { createTicket, type Ticket, type TicketInput } from '../ticket.ts';

/** Assumptions about simulated users. None of the figures is measured. */
export interface PopulationOptions {
  readonly people: number;
  readonly withoutInterests: number;
  /** Share of users who set `onlyShared`, among the users with interests. */
  readonly onlyShared: number;
  /** Number of different interests. The k-th is named with a probability proportional to 1 / k. */
  readonly interests: number;
  /** Languages with their weights. A third of all users also speak the first one. */
  readonly languages: readonly (readonly [language: string, weight: number])[];
  /** Share of calls that end within seconds. The mean durations of short and long calls follow. */
  readonly skips: number;
  readonly skipMeanMs: number;
  readonly talkMeanMs: number;
  readonly blocks: number;
}

export const DEFAULT_POPULATION: PopulationOptions = {
  people: 400,
  withoutInterests: 0.3,
  onlyShared: 0.1,
  interests: 300,
  languages: [
    ['en', 50],
    ['es', 20],
    ['fr', 15],
    ['de', 10],
    ['eo', 5],
  ],
  skips: 0.5,
  skipMeanMs: 5_000,
  talkMeanMs: 120_000,
  blocks: 0.02,
};

/** Properties of a simulated user that stay the same in every search. */
type Character = Pick<TicketInput, 'interests' | 'onlyShared' | 'languages' | 'tier' | 'circle'>;

export class Population {
  readonly #options: PopulationOptions;
  readonly #prng: Prng;
  readonly #characters: readonly Character[];
  #tickets = 0;
  #matches = 0;

  constructor(options: PopulationOptions, prng: Prng) {
    this.#options = options;
    this.#prng = prng;
    this.#characters = Array.from({ length: options.people }, () => this.#draw());
  }

  ticketOf(person: number): Ticket {
    const ticket = createTicket({
      ...(this.#characters[person] as Character),
      id: `ticket-${this.#tickets++}`,
      node: 'simulated-node',
      session: `session-of-${person}`,
      subject: `subject-${person}`,
      deviceKey: `device-of-${person}`,
      mode: 'video',
      ageBand: 'adult',
      ageState: 'declared',
      policyVersion: 1,
      sanctioned: false,
    });
    assert(ticket.ok, 'a simulated person wishes for what cannot be');
    return ticket.value;
  }

  mintMatchId(): MatchId {
    return brandId<MatchId>(`match-${String(this.#matches++).padStart(6, '0')}`);
  }

  /** Draws the duration of a call from an exponential distribution with one of two means. */
  callLastsMs(): number {
    const { skips, skipMeanMs, talkMeanMs } = this.#options;
    const meanMs = this.#prng.chance(skips) ? skipMeanMs : talkMeanMs;
    return -meanMs * Math.log(1 - this.#prng.unit());
  }

  #draw(): Character {
    const { withoutInterests, onlyShared, languages } = this.#options;
    const count = this.#prng.chance(withoutInterests) ? 0 : 1 + this.#prng.below(5);
    const [first] = languages;
    const spoken = [this.#drawLanguage()];
    if (first !== undefined && this.#prng.chance(1 / 3)) spoken.push(first[0]);
    return {
      interests: Array.from({ length: count }, () => this.#drawInterest()),
      onlyShared: this.#prng.chance(onlyShared),
      languages: spoken,
      ...this.#drawPlace(),
    };
  }

  /** A fifth of users are new, a few restricted. Half of the new ones are in the good segment. */
  #drawPlace(): Pick<TicketInput, 'tier' | 'circle'> {
    const drawn = this.#prng.unit();
    if (drawn < 0.02) return { tier: 'restricted', circle: 'restricted' };
    if (drawn < 0.12) return { tier: 'new', circle: 'good' };
    if (drawn < 0.22) return { tier: 'new', circle: 'normal' };
    return drawn < 0.4 ? { tier: 'good', circle: 'good' } : { tier: 'normal', circle: 'normal' };
  }

  #drawInterest(): string {
    const { interests } = this.#options;
    // Inverts the integral of 1 / k, which approximates Zipf's law.
    return `interest ${Math.floor((interests + 1) ** this.#prng.unit())}`;
  }

  #drawLanguage(): string {
    const { languages } = this.#options;
    let point = this.#prng.below(languages.reduce((sum, [, weight]) => sum + weight, 0));
    const drawn = languages.find(([, weight]) => {
      point -= weight;
      return point < 0;
    });
    return assertDefined(drawn, 'the weights of the languages add up to more than they are')[0];
  }
}

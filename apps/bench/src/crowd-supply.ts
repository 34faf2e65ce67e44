import { assert } from '@farandole/kernel/assert';
import { brandId, type SubjectId } from '@farandole/kernel/id';
import type { Prng } from '@farandole/kernel/prng';
import { TICKET_INTERESTS_MAX } from '@farandole/matchmaking/limits';
import { PairBook } from '@farandole/matchmaking/testing/pair-book';
import { createTicket, type Ticket } from '@farandole/matchmaking/ticket';

const INTERESTS = 4_000;
const LANGUAGES = ['en', 'es', 'fr', 'pt-BR', 'de', 'ar', 'ja', 'hi'];
const SUBJECTS = 400_000;

/**
 * Makes tickets with up to five interests (Zipf's law) and one or two languages; one in ten
 * requires a shared interest. Also makes blocks and recent meetings, so that every hard rule has
 * data to look up.
 */
export class CrowdSupply {
  readonly facts = new PairBook();
  readonly #prng: Prng;
  readonly #cumulative: Float64Array;
  #made = 0;

  constructor(prng: Prng) {
    this.#prng = prng;
    this.#cumulative = new Float64Array(INTERESTS);
    let sum = 0;
    for (let rank = 0; rank < INTERESTS; rank++) {
      sum += 1 / (rank + 1);
      this.#cumulative[rank] = sum;
    }
    for (let i = 0; i < SUBJECTS / 8; i++) {
      this.facts.block(this.#anySubject(), this.#anySubject());
      this.facts.meet(this.#anySubject(), this.#anySubject());
    }
  }

  take(count: number): Ticket[] {
    return Array.from({ length: count }, () => this.#makeTicket());
  }

  #makeTicket(): Ticket {
    const prng = this.#prng;
    const number = this.#made++;
    // The gateway never puts a user into the pool twice at once, so the benchmark doesn't either.
    const subject = subjectName(number % SUBJECTS);
    const interests = Array.from({ length: prng.below(TICKET_INTERESTS_MAX + 1) }, () =>
      this.#anyInterest(),
    );
    const languages = Array.from({ length: 1 + prng.below(2) }, () => prng.pick(LANGUAGES));
    const ticket = createTicket({
      id: `ticket-${number}`,
      node: 'node-of-bench',
      session: `session-${number}`,
      subject,
      deviceKey: `device-of-${subject}`,
      mode: 'video',
      ageBand: 'adult',
      ageState: 'declared',
      policyVersion: 1,
      sanctioned: false,
      tier: 'normal',
      circle: 'normal',
      interests,
      onlyShared: prng.chance(0.1),
      languages,
    });
    assert(ticket.ok, 'the supply makes tickets that are none');
    return ticket.value;
  }

  #anySubject(): SubjectId {
    return brandId<SubjectId>(subjectName(this.#prng.below(SUBJECTS)));
  }

  #anyInterest(): string {
    const total = this.#cumulative[INTERESTS - 1] as number;
    const point = this.#prng.unit() * total;
    let low = 0;
    let high = INTERESTS - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#cumulative[middle] as number) < point) low = middle + 1;
      else high = middle;
    }
    return `interest ${low}`;
  }
}

function subjectName(number: number): string {
  return `subject-${number}`;
}

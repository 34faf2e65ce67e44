import type { SubjectId, TicketId } from '@farandole/kernel/id';
import {
  areKeptApart,
  haveMet,
  indexFacts,
  type TicketFacts,
  type WaitingFacts,
} from '@farandole/matchmaking/apart/ticket-facts';
import type { PairFacts, Party } from '@farandole/matchmaking/ports';
import type { Ticket } from '@farandole/matchmaking/ticket';

interface Carried extends WaitingFacts {
  readonly ticket: TicketId;
}

/**
 * The facts that tickets brought to the pool's writer, in addition to those that the writer's own
 * node knows. A pair that either forbids is never proposed.
 */
export class CarriedFacts implements PairFacts {
  readonly #own: PairFacts;
  readonly #carried = new Map<SubjectId, Carried>();
  #nowMs: number;

  constructor(own: PairFacts, nowMs: number) {
    this.#own = own;
    this.#nowMs = nowMs;
  }

  get size(): number {
    return this.#carried.size;
  }

  advance(nowMs: number): void {
    this.#nowMs = nowMs;
  }

  add({ id, subject }: Ticket, facts: TicketFacts): void {
    this.#carried.set(subject, { ...indexFacts(facts, this.#nowMs), ticket: id });
  }

  /** Forgets the facts of a ticket, unless a later ticket of the user replaced them. */
  delete(subject: SubjectId, ticket: TicketId): void {
    if (this.#carried.get(subject)?.ticket === ticket) this.#carried.delete(subject);
  }

  keptApart(a: Party, b: Party): boolean {
    const [ofA, ofB] = [this.#carried.get(a.subject), this.#carried.get(b.subject)];
    if (ofA !== undefined && ofB !== undefined && areKeptApart(ofA, ofB, this.#nowMs)) return true;
    return this.#own.keptApart(a, b);
  }

  metWithin(a: Party, b: Party, cooldownMs: number): boolean {
    const [ofA, ofB] = [this.#carried.get(a.subject), this.#carried.get(b.subject)];
    const isKnown = ofA !== undefined && ofB !== undefined;
    if (isKnown && haveMet(ofA, ofB, cooldownMs, this.#nowMs)) return true;
    return this.#own.metWithin(a, b, cooldownMs);
  }
}

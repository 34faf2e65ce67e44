import { mayMeet } from '@farandole/matchmaking/eligibility';
import type { MatchRules } from '@farandole/matchmaking/mode';
import type { PairFacts } from '@farandole/matchmaking/ports';
import type { Ticket } from '@farandole/matchmaking/ticket';

/**
 * A naive matcher as a baseline. For the oldest ticket it scans all others for the most shared
 * interests. It intersects interests by a set and checks the hard rules only when a ticket beats
 * the best candidate so far.
 */
export class NaiveMatcher {
  readonly #rules: MatchRules;
  readonly #facts: PairFacts;
  readonly #waiting: Ticket[] = [];

  constructor(rules: MatchRules, facts: PairFacts) {
    this.#rules = rules;
    this.#facts = facts;
  }

  get size(): number {
    return this.#waiting.length;
  }

  add(ticket: Ticket): void {
    this.#waiting.push(ticket);
  }

  /**
   * Matches the oldest ticket with the best candidate. If there is no candidate, moves the
   * ticket to the end of the queue and returns null.
   */
  matchOldest(): readonly [Ticket, Ticket] | null {
    const oldest = this.#waiting.shift();
    if (oldest === undefined) return null;
    const wanted = new Set(oldest.interests);
    let best = -1;
    let bestOverlap = -1;
    for (let i = 0; i < this.#waiting.length; i++) {
      const candidate = this.#waiting[i] as Ticket;
      let overlap = 0;
      for (const interest of candidate.interests) {
        if (wanted.has(interest)) overlap++;
      }
      if (overlap <= bestOverlap) continue;
      if (!mayMeet(oldest, candidate, this.#rules, this.#facts).ok) continue;
      best = i;
      bestOverlap = overlap;
    }
    if (best === -1) {
      this.#waiting.push(oldest);
      return null;
    }
    const [found] = this.#waiting.splice(best, 1) as [Ticket];
    return [oldest, found];
  }
}

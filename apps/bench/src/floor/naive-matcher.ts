import { mayMeet } from '@farandole/matchmaking/eligibility';
import type { MatchRules } from '@farandole/matchmaking/mode';
import type { PairFacts } from '@farandole/matchmaking/ports';
import type { Ticket } from '@farandole/matchmaking/ticket';

/**
 * The obvious matcher. For the oldest ticket it scans all others for the most shared interests. The
 * overlap uses a set, and hard rules are checked only for a new best candidate.
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
   * Matches the oldest ticket with the best candidate. Without a candidate, moves the ticket to the
   * end and returns null.
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

import type { SubjectId } from '@farandole/kernel/id';
import { NETWORK_NEW_MS, REMATCH_COOLDOWN_MS, SEEN_MAX } from '../limits.ts';
import type { PairFacts, Party } from '../ports.ts';
import { Meetings } from './meetings.ts';
import type { Person } from './person.ts';
import { type Separation, Separations } from './separations.ts';

/** Limits are unlimited by default. */
export interface ApartOptions {
  /** At least the longest cool-down ever queried. */
  readonly meetingsKeptMs?: number;
  readonly meetingsMax?: number;
  readonly separationsMax?: number;
  readonly separationsPerPersonMax?: number;
  /** Defaults to `SEEN_MAX`. */
  readonly seenMax?: number;
}

/**
 * Who is kept apart: by blocks, reports and cool-downs, each by subject and by device key.
 * For `NETWORK_APART_MS` a block or report also keeps its author apart from unproven people of the
 * other's network who were first seen later than `NETWORK_NEW_MS` before it: a new cookie and a new
 * browser are not enough to come back. An innocent neighbour loses one partner.
 *
 * Times are monotonic. Queries take constant time, as of the last `advance`: an answer can be late
 * by a tick and then keeps two apart longer, never shorter.
 */
export class Apart implements PairFacts {
  readonly #meetings: Meetings;
  readonly #separations: Separations;
  readonly #seenMax: number;
  /** Least recently seen first. */
  readonly #firstSeenMs = new Map<SubjectId, number>();
  #nowMs = Number.NEGATIVE_INFINITY;

  constructor(options: ApartOptions = {}) {
    this.#meetings = new Meetings({
      keptMs: options.meetingsKeptMs ?? REMATCH_COOLDOWN_MS,
      max: options.meetingsMax ?? Number.POSITIVE_INFINITY,
    });
    this.#separations = new Separations({
      max: options.separationsMax ?? Number.POSITIVE_INFINITY,
      perPersonMax: options.separationsPerPersonMax ?? Number.POSITIVE_INFINITY,
    });
    this.#seenMax = options.seenMax ?? SEEN_MAX;
  }

  get sizes(): { readonly meetings: number; readonly separations: number; readonly seen: number } {
    return {
      meetings: this.#meetings.size,
      separations: this.#separations.size,
      seen: this.#firstSeenMs.size,
    };
  }

  advance(nowMs: number): void {
    this.#nowMs = Math.max(this.#nowMs, nowMs);
    this.#meetings.forgetOld(this.#nowMs);
    this.#separations.advance(this.#nowMs);
  }

  /**
   * A person is here. Above the limit, those not seen for longest are forgotten and count as new.
   *
   * @param forMs how long ago they were seen before, if known from elsewhere
   */
  see(subject: SubjectId, forMs = 0): void {
    const atMs = Math.min(this.#firstSeenMs.get(subject) ?? this.#nowMs, this.#nowMs - forMs);
    this.#firstSeenMs.delete(subject);
    this.#firstSeenMs.set(subject, atMs);
    if (this.#firstSeenMs.size <= this.#seenMax) return;
    for (const oldest of this.#firstSeenMs.keys()) {
      this.#firstSeenMs.delete(oldest);
      return;
    }
  }

  /** Two people were in a match together, `agoMs` ago. */
  meet(a: Person, b: Person, agoMs = 0): void {
    this.#meetings.add(a, b, this.#nowMs - agoMs);
  }

  /** Idempotent. Older separations must come first. */
  separate(separation: Separation, agoMs = 0): void {
    this.#separations.add(separation, this.#nowMs - agoMs, this.#nowMs);
  }

  /** Removes one separation; the two may have others. */
  reunite(one: SubjectId, other: SubjectId, mark: string): void {
    this.#separations.remove(one, other, mark);
  }

  isSeparated(one: SubjectId, other: SubjectId, mark: string | null): boolean {
    return this.#separations.has(one, other, mark);
  }

  keptApart(a: Party, b: Party): boolean {
    return this.#separations.isBetween(a, b) || this.#isNear(a, b) || this.#isNear(b, a);
  }

  metWithin(a: Party, b: Party, cooldownMs: number): boolean {
    return this.#meetings.sinceMs(a, b, this.#nowMs) < cooldownMs;
  }

  #isNear(by: Party, of: Party): boolean {
    const sinceMs = this.#separations.nearSinceMs(by, of);
    if (sinceMs === Number.POSITIVE_INFINITY) return false;
    const firstSeenMs = this.#firstSeenMs.get(of.subject);
    return firstSeenMs === undefined || firstSeenMs > sinceMs - NETWORK_NEW_MS;
  }
}

import type { SubjectId } from '@farandole/kernel/id';
import {
  NETWORK_NEW_MS,
  REMATCH_COOLDOWN_MS,
  SEEN_MAX,
  TICKET_APART_MAX,
  TICKET_MET_MAX,
  TICKET_NEAR_MAX,
} from '../limits.ts';
import type { PairFacts, Party } from '../ports.ts';
import { Meetings } from './meetings.ts';
import type { Person } from './person.ts';
import { type Separation, Separations } from './separations.ts';
import type { HashFor, TicketFacts } from './ticket-facts.ts';

/** Every limit except `seenMax` is infinite by default. */
export interface ApartOptions {
  /** How long meetings are remembered, in ms. Must be at least the longest cool-down. */
  readonly meetingsKeptMs?: number;
  readonly meetingsMax?: number;
  readonly separationsMax?: number;
  readonly separationsPerPersonMax?: number;
  readonly seenMax?: number;
}

/**
 * Answers which people must not be matched, because of a block, a report or a recent match.
 * People are recognised by subject and by device key.
 * For `NETWORK_APART_MS` after a block or report, its author also meets no unproven user of the
 * other person's network who was first seen later than `NETWORK_NEW_MS` before it, because a new
 * cookie in a new browser must not be enough to come back. An innocent neighbour loses one
 * partner by this.
 * Times are monotonic. Queries take constant time and answer as of the last `advance`, so two
 * people may be kept apart one tick too long but never too short.
 */
export class Apart implements PairFacts {
  readonly #meetings: Meetings;
  readonly #separations: Separations;
  readonly #seenMax: number;
  /** Time of each user's first visit. Ordered by the latest visit, oldest first. */
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
   * Records a visit of a user. Above `seenMax` users, the ones not seen for longest are
   * forgotten and count as new.
   *
   * @param forMs how many ms ago the user was first seen, if known from another source
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

  /** Records that two people were in a match together `agoMs` milliseconds ago. */
  meet(a: Person, b: Person, agoMs = 0): void {
    this.#meetings.add(a, b, this.#nowMs - agoMs);
  }

  /** Keeps two people apart. Idempotent. At a limit, the one that was added first is dropped. */
  separate(separation: Separation, agoMs = 0): void {
    this.#separations.add(separation, this.#nowMs - agoMs, this.#nowMs);
  }

  /** Removes the separation with this `mark`. Other separations of the two people remain. */
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

  /**
   * Returns what these records say about a user, for a pool on another node. Leaves out records of
   * the user's other cookies, and the oldest records above the limits.
   *
   * @param hash returns a keyed hash of a name
   */
  factsOf(party: Party, hash: (name: string) => string): TicketFacts {
    const { subject, deviceKey, origin, proven } = party;
    const agoMs = ([name, atMs]: readonly [string, number]): HashFor => [
      hash(name),
      Math.max(0, this.#nowMs - atMs),
    ];
    const { names, networks } = this.#separations.ofAuthor(subject);
    const met = [...this.#meetings.of(party)].map(agoMs).toSorted(([, a], [, b]) => a - b);
    const firstSeenMs = this.#firstSeenMs.get(subject) ?? this.#nowMs;
    return {
      names: [hash(subject), hash(deviceKey)],
      network: origin === null || proven ? null : agoMs([origin, firstSeenMs]),
      apart: names.slice(0, TICKET_APART_MAX).map(hash),
      near: [...networks].slice(0, TICKET_NEAR_MAX).map(agoMs),
      met: met.slice(0, TICKET_MET_MAX),
    };
  }

  #isNear(by: Party, of: Party): boolean {
    const sinceMs = this.#separations.nearSinceMs(by, of);
    if (sinceMs === Number.POSITIVE_INFINITY) return false;
    const firstSeenMs = this.#firstSeenMs.get(of.subject);
    return firstSeenMs === undefined || firstSeenMs > sinceMs - NETWORK_NEW_MS;
  }
}

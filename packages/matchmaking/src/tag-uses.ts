import { TAG_PEOPLE_MIN, TAG_USED_WITHIN_MS, TAGS_REMEMBERED_MAX } from './limits.ts';
import type { Ticket } from './ticket.ts';

/** The last people who used an interest, at most `TAG_PEOPLE_MIN`, and the time of each use. */
interface Uses {
  readonly people: string[];
  readonly atMs: number[];
  /** Until this time further uses aren't recorded, because enough people just used the interest. */
  freshUntilMs: number;
  /** When the interest was last moved to the end of the eviction order. */
  orderedAtMs: number;
}

/**
 * Age at which a recorded use is renewed, so that an interest in constant use costs no look-up.
 * So an interest can count as rare this much too early, but never as common for too long.
 */
const RENEWED_AFTER_MS = 10 * 60_000;

/**
 * Remembers who used each interest lately. An interest that few people use can identify one
 * person, so unproven users who accept only people who share one get no priority by it.
 */
export class TagUses {
  readonly #max: number;
  /** Ordered by the last recorded use, oldest first, accurate to `RENEWED_AFTER_MS`. */
  readonly #uses = new Map<string, Uses>();

  constructor(max: number = TAGS_REMEMBERED_MAX) {
    this.#max = max;
  }

  get size(): number {
    return this.#uses.size;
  }

  /**
   * Records that the ticket's user used an interest. Above the limit, the interest not used for
   * longest is forgotten and counts as rare.
   *
   * @returns the time until which further uses of this interest needn't be recorded
   */
  note(interest: string, ticket: Ticket, nowMs: number): number {
    const known = this.#uses.get(interest);
    if (known !== undefined && nowMs < known.freshUntilMs) return known.freshUntilMs;
    const uses = known ?? createUses();
    noteIn(uses, personOf(ticket), nowMs);
    // Moves the entry only when its position is old, because moving costs more than recording a
    // use.
    if (nowMs - uses.orderedAtMs >= RENEWED_AFTER_MS) {
      uses.orderedAtMs = nowMs;
      if (known !== undefined) this.#uses.delete(interest);
      this.#uses.set(interest, uses);
      if (this.#uses.size > this.#max) this.#forgetFirst();
    }
    return uses.freshUntilMs;
  }

  /** Returns whether `TAG_PEOPLE_MIN` people used the interest within `TAG_USED_WITHIN_MS`. */
  isCommon(interest: string, nowMs: number): boolean {
    const uses = this.#uses.get(interest);
    if (uses === undefined || uses.people.length < TAG_PEOPLE_MIN) return false;
    return nowMs - (uses.atMs[oldestOf(uses.atMs)] as number) < TAG_USED_WITHIN_MS;
  }

  #forgetFirst(): void {
    for (const first of this.#uses.keys()) {
      this.#uses.delete(first);
      return;
    }
  }
}

function createUses(): Uses {
  const never = Number.NEGATIVE_INFINITY;
  return { people: [], atMs: [], freshUntilMs: never, orderedAtMs: never };
}

function noteIn(uses: Uses, person: string, nowMs: number): void {
  const { people, atMs } = uses;
  let place = people.indexOf(person);
  if (place < 0) place = people.length < TAG_PEOPLE_MIN ? people.length : oldestOf(atMs);
  people[place] = person;
  atMs[place] = nowMs;
  if (people.length < TAG_PEOPLE_MIN) return;
  uses.freshUntilMs = (atMs[oldestOf(atMs)] as number) + RENEWED_AFTER_MS;
}

function oldestOf(atMs: readonly number[]): number {
  let oldest = 0;
  for (let at = 1; at < atMs.length; at++) {
    if ((atMs[at] as number) < (atMs[oldest] as number)) oldest = at;
  }
  return oldest;
}

/**
 * Returns whether a user is unproven: not yet trusted and connected from a known network. One
 * person could pose as many such users.
 */
export function isUnproven({ proven, origin }: Pick<Ticket, 'proven' | 'origin'>): boolean {
  return !proven && origin !== null;
}

/** Counts all unproven users of one network as one person, because new cookies cost nothing. */
function personOf(ticket: Ticket): string {
  return isUnproven(ticket) ? `network ${ticket.origin}` : ticket.subject;
}

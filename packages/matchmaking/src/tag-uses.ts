import { TAG_PEOPLE_MIN, TAG_USED_WITHIN_MS, TAGS_REMEMBERED_MAX } from './limits.ts';
import type { Ticket } from './ticket.ts';

/** The latest people of an interest, at most `TAG_PEOPLE_MIN`, and when each last used it. */
interface Uses {
  readonly people: string[];
  readonly atMs: number[];
  /** Until then nothing needs to be noted: enough people used it just now. */
  freshUntilMs: number;
  /** When it was last moved to the end of the order. */
  orderedAtMs: number;
}

/**
 * Age at which a note is renewed, so that an interest in constant use costs no look-up. An
 * interest can count as rare this much too early, never as common too long.
 */
const RENEWED_AFTER_MS = 10 * 60_000;

/**
 * Who used an interest lately. An interest that few people use can find one person, so it gives an
 * "only people who share one" search of unproven people no priority.
 */
export class TagUses {
  readonly #max: number;
  /** Least recently noted first, within `RENEWED_AFTER_MS`. */
  readonly #uses = new Map<string, Uses>();

  constructor(max: number = TAGS_REMEMBERED_MAX) {
    this.#max = max;
  }

  get size(): number {
    return this.#uses.size;
  }

  /**
   * Notes a use by the ticket's user. Above the limit, the interest not used for longest is
   * forgotten and counts as rare.
   *
   * @returns until when nothing needs to be noted of this interest
   */
  note(interest: string, ticket: Ticket, nowMs: number): number {
    const known = this.#uses.get(interest);
    if (known !== undefined && nowMs < known.freshUntilMs) return known.freshUntilMs;
    const uses = known ?? createUses();
    noteIn(uses, personOf(ticket), nowMs);
    // Moving an entry costs more than noting one.
    if (nowMs - uses.orderedAtMs >= RENEWED_AFTER_MS) {
      uses.orderedAtMs = nowMs;
      if (known !== undefined) this.#uses.delete(interest);
      this.#uses.set(interest, uses);
      if (this.#uses.size > this.#max) this.#forgetFirst();
    }
    return uses.freshUntilMs;
  }

  /** Whether `TAG_PEOPLE_MIN` people used it within `TAG_USED_WITHIN_MS`. */
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

/** Whether a user's network says that others like them can be made up, and nothing else of them. */
export function isUnproven({ proven, origin }: Pick<Ticket, 'proven' | 'origin'>): boolean {
  return !proven && origin !== null;
}

/** Unproven people of one network count as one: cookies cost nothing. */
function personOf(ticket: Ticket): string {
  return isUnproven(ticket) ? `network ${ticket.origin}` : ticket.subject;
}

import { TAG_PEOPLE_MIN, TAG_USED_WITHIN_MS, TAGS_REMEMBERED_MAX } from './limits.ts';
import type { Ticket } from './ticket.ts';

/**
 * Who used an interest lately. An interest that few people use can find one person, so it gives an
 * "only people who share one" search of unproven people no priority.
 */
export class TagUses {
  readonly #max: number;
  /** Least recently used first; of each the latest people, with the time, oldest first. */
  readonly #uses = new Map<string, Map<string, number>>();

  constructor(max: number = TAGS_REMEMBERED_MAX) {
    this.#max = max;
  }

  get size(): number {
    return this.#uses.size;
  }

  /** Above the limit, the interest not used for longest is forgotten and counts as rare. */
  note(ticket: Ticket, nowMs: number): void {
    const person = personOf(ticket);
    for (const interest of ticket.interests) {
      const people = this.#uses.get(interest) ?? new Map<string, number>();
      people.delete(person);
      people.set(person, nowMs);
      if (people.size > TAG_PEOPLE_MIN) deleteFirst(people);
      this.#uses.delete(interest);
      this.#uses.set(interest, people);
    }
    while (this.#uses.size > this.#max) deleteFirst(this.#uses);
  }

  /** Whether `TAG_PEOPLE_MIN` people used it within `TAG_USED_WITHIN_MS`. */
  isCommon(interest: string, nowMs: number): boolean {
    const people = this.#uses.get(interest);
    if (people === undefined || people.size < TAG_PEOPLE_MIN) return false;
    // The map has at most as many people as are needed, so all must be recent.
    for (const atMs of people.values()) return nowMs - atMs < TAG_USED_WITHIN_MS;
    return false;
  }
}

/** Whether a user's network says that others like them can be made up, and nothing else of them. */
export function isUnproven({ proven, origin }: Pick<Ticket, 'proven' | 'origin'>): boolean {
  return !proven && origin !== null;
}

/** Unproven people of one network count as one: cookies cost nothing. */
function personOf(ticket: Ticket): string {
  return isUnproven(ticket) ? `network ${ticket.origin}` : ticket.subject;
}

function deleteFirst(map: Map<string, unknown>): void {
  for (const first of map.keys()) {
    map.delete(first);
    return;
  }
}

import type { Party } from '../ports.ts';
import type { Person } from './person.ts';

interface Meeting {
  readonly a: Person;
  readonly b: Person;
  readonly atMs: number;
}

export interface MeetingsOptions {
  /** How long meetings are remembered, in ms. Must be at least the longest cool-down. */
  readonly keptMs: number;
  readonly max: number;
}

/**
 * The last meeting of every two people. Each is recorded by subject and by device key, so that a
 * new cookie doesn't end a cool-down. Above `max` the oldest meeting is evicted.
 */
export class Meetings {
  readonly #keptMs: number;
  readonly #max: number;
  /** Time of the last meeting by both names; each pair is stored in both directions. */
  readonly #lastMet = new Map<string, Map<string, number>>();
  /**
   * Meetings in the order of their time. Later meetings of the same two people don't replace
   * earlier entries. Removed entries are undefined.
   */
  #meetings: (Meeting | undefined)[] = [];
  /** Entries of `#meetings` before this index are already removed. */
  #forgotten = 0;
  /** Caches the meetings of one user, who is compared with many candidates in a row. */
  #seeker: Party | null = null;
  #seekerSubject: ReadonlyMap<string, number> | undefined;
  #seekerDevice: ReadonlyMap<string, number> | undefined;

  constructor({ keptMs, max }: MeetingsOptions) {
    this.#keptMs = keptMs;
    this.#max = max;
  }

  get size(): number {
    return this.#meetings.length - this.#forgotten;
  }

  add(a: Person, b: Person, atMs: number): void {
    // Also records a second meeting at the same time, because two cookies can meet twice in one
    // millisecond on different devices.
    const later = namesMet(a, b).filter(
      ([one, other]) => (this.#lastMet.get(one)?.get(other) ?? Number.NEGATIVE_INFINITY) < atMs,
    );
    if (later.length === 0) return;
    this.#seeker = null;
    if (this.size >= this.#max) this.#forgetOldest();
    for (const [one, other] of later) {
      inner(this.#lastMet, one).set(other, atMs);
      inner(this.#lastMet, other).set(one, atMs);
    }
    this.#meetings.push({ a, b, atMs });
  }

  /** Returns the cookies and device keys of those whom a user met, and the times. */
  of({ subject, deviceKey }: Pick<Party, 'subject' | 'deviceKey'>): ReadonlyMap<string, number> {
    return new Map([
      ...(this.#lastMet.get(subject) ?? new Map<string, number>()),
      ...(this.#lastMet.get(deviceKey) ?? new Map<string, number>()),
    ]);
  }

  /** Returns the milliseconds since the two users last met, or infinity if they never did. */
  sinceMs(a: Party, b: Party, nowMs: number): number {
    if (a !== this.#seeker) this.#seek(a);
    const bySubject = this.#seekerSubject?.get(b.subject) ?? Number.NEGATIVE_INFINITY;
    const byDevice = this.#seekerDevice?.get(b.deviceKey) ?? Number.NEGATIVE_INFINITY;
    return nowMs - Math.max(bySubject, byDevice);
  }

  #seek(party: Party): void {
    this.#seeker = party;
    this.#seekerSubject = this.#lastMet.get(party.subject);
    this.#seekerDevice = this.#lastMet.get(party.deviceKey);
  }

  forgetOld(nowMs: number): void {
    for (;;) {
      const oldest = this.#meetings[this.#forgotten];
      if (oldest === undefined || nowMs - oldest.atMs < this.#keptMs) return;
      this.#forgetOldest();
    }
  }

  #forgetOldest(): void {
    const oldest = this.#meetings[this.#forgotten];
    if (oldest === undefined) return;
    // Frees the meeting's ids now, because the array is compacted only later.
    this.#meetings[this.#forgotten] = undefined;
    this.#forgotten += 1;
    this.#seeker = null;
    for (const [one, other] of namesMet(oldest.a, oldest.b)) {
      // Keeps the time if the two met again, because the later meeting has its own entry.
      if (this.#lastMet.get(one)?.get(other) !== oldest.atMs) continue;
      removeInner(this.#lastMet, one, other);
      removeInner(this.#lastMet, other, one);
    }
    // Compacts once more than half of the array is removed entries, so that the cost per entry is
    // constant.
    if (this.#forgotten > 1_024 && this.#forgotten * 2 > this.#meetings.length) {
      this.#meetings = this.#meetings.slice(this.#forgotten);
      this.#forgotten = 0;
    }
  }
}

function namesMet(a: Person, b: Person): readonly (readonly [string, string])[] {
  const subjects = [a.subject, b.subject] as const;
  if (a.device === null || b.device === null) return [subjects];
  return [subjects, [a.device, b.device]];
}

function inner(map: Map<string, Map<string, number>>, key: string): Map<string, number> {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = new Map<string, number>();
  map.set(key, made);
  return made;
}

function removeInner(map: Map<string, Map<string, number>>, key: string, innerKey: string): void {
  const known = map.get(key);
  if (known === undefined) return;
  known.delete(innerKey);
  if (known.size === 0) map.delete(key);
}

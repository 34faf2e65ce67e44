import type { SubjectId } from '@farandole/kernel/id';
import { NETWORK_APART_MS, NETWORK_NEW_MS, SEPARATION_REPEATS_MAX } from '../limits.ts';
import type { Party } from '../ports.ts';
import { Names, pairOf } from './names.ts';
import { isPerson, type Person } from './person.ts';

/** A block or report by one person against another. */
export interface Separation {
  readonly by: Person;
  readonly of: Person;
  /** Keyed hash of the network that the person `of` used. Null if unknown or if there was none. */
  readonly network: string | null;
  /** Key for removing the separation later. Null if it is permanent. */
  readonly mark: string | null;
  /**
   * Id of the match that it followed. The same separation may be added again with another age, for
   * instance if the date changed. Its day then still begins with the first.
   */
  readonly match?: string;
  /** Whether the record says which of the two people blocked or reported the other. */
  readonly isOwned: boolean;
}

/**
 * Returns whether a separation made at `atMs` keeps two people apart at `nowMs`. This function
 * is the definition. `Separations` answers from an index, and tests compare the two.
 *
 * @param firstSeenMs returns when a subject was first seen
 */
export function keepsApart(
  separation: Separation & { readonly atMs: number },
  a: Party,
  b: Party,
  {
    firstSeenMs,
    nowMs,
  }: { readonly firstSeenMs: (subject: SubjectId) => number; readonly nowMs: number },
): boolean {
  const { by, of, network, atMs } = separation;
  const isPair = (one: Party, other: Party): boolean => isPerson(by, one) && isPerson(of, other);
  if (isPair(a, b) || isPair(b, a)) return true;
  const isNeighbour = (one: Party, other: Party): boolean =>
    isPerson(by, one) &&
    !other.proven &&
    network !== null &&
    other.origin === network &&
    nowMs - atMs < NETWORK_APART_MS &&
    firstSeenMs(other.subject) > atMs - NETWORK_NEW_MS;
  return isNeighbour(a, b) || isNeighbour(b, a);
}

/** Keeps a separation's author away from the other person's network for `NETWORK_APART_MS`. */
interface Near {
  readonly name: string;
  readonly network: number;
  readonly by: readonly number[];
  readonly atMs: number;
  isOver: boolean;
}

/** What one block or report separates: each name of `by` from each name of `of`, and `near`. */
interface Applied {
  readonly by: readonly number[];
  readonly of: readonly number[];
  readonly near: Near | null;
  readonly match: string | undefined;
}

interface Kept extends Applied {
  readonly key: string;
  readonly owner: SubjectId | null;
  /** Later blocks or reports under the same key, oldest first. Null if there are none. */
  repeats: Applied[] | null;
}

export interface SeparationsOptions {
  readonly max: number;
  readonly perPersonMax: number;
}

/**
 * Index of blocks and reports, oldest first. Queries take constant time. Above `perPersonMax` an
 * author's own oldest entry is evicted; above `max` the oldest entry of all authors.
 */
export class Separations {
  readonly #options: SeparationsOptions;
  readonly #names = new Names();
  /** Separations by key, oldest first. */
  readonly #kept = new Map<string, Kept>();
  readonly #ofOwner = new Map<SubjectId, Set<Kept>>();
  /** Number of separations between each two names. */
  readonly #pairs = new Map<number, number>();
  /** Network separations by the author's name and the network, oldest first. */
  readonly #near = new Map<number, Near[]>();
  /** All network separations, oldest first. Some are already over. */
  #nearByAge: Near[] = [];
  #nearDone = 0;
  /** Caches the numbers of one user, who is compared with many candidates in a row. */
  #seeker: Party | null = null;
  #seekerVersion = -1;
  #seekerSubject: number | undefined;
  #seekerDevice: number | undefined;

  constructor(options: SeparationsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#kept.size;
  }

  /** Number of names in use. Tests read it to find leaks. */
  get names(): number {
    return this.#names.size;
  }

  has(one: SubjectId, other: SubjectId, mark: string | null): boolean {
    return (
      this.#kept.has(keyOf(one, other, mark)) ||
      (mark === null && this.#kept.has(keyOf(other, one, null)))
    );
  }

  /**
   * Adds a separation. Adding the same one again changes nothing. One with the key of another is
   * added to it, because the two people may have new device keys or another network by now.
   */
  add(separation: Separation, atMs: number, nowMs: number): void {
    const { by, of, mark, isOwned } = separation;
    const key = keyOf(by.subject, of.subject, mark);
    const known = this.#kept.get(key);
    if (known !== undefined) {
      this.#repeat(known, separation, atMs, nowMs);
      return;
    }
    const owner = isOwned ? by.subject : null;
    this.#makeRoom(owner);
    const kept: Kept = { key, owner, ...this.#apply(separation, atMs, nowMs), repeats: null };
    this.#kept.set(key, kept);
    if (owner !== null) {
      const own = this.#ofOwner.get(owner);
      if (own === undefined) this.#ofOwner.set(owner, new Set([kept]));
      else own.add(kept);
    }
  }

  /** Removes a separation if it exists. */
  remove(one: SubjectId, other: SubjectId, mark: string): void {
    const kept = this.#kept.get(keyOf(one, other, mark));
    if (kept !== undefined) this.#forget(kept);
  }

  /**
   * Returns the names of those whom a user blocked or reported, newest first, and their networks
   * with the time of the first block or report.
   */
  ofAuthor(subject: SubjectId): {
    readonly names: readonly string[];
    readonly networks: ReadonlyMap<string, number>;
  } {
    const names = new Set<string>();
    const networks = new Map<string, number>();
    for (const kept of [...(this.#ofOwner.get(subject) ?? [])].toReversed()) {
      for (const { of, near } of appliedOf(kept)) {
        for (const number of of) names.add(this.#names.nameOf(number));
        if (near === null || near.isOver) continue;
        networks.set(near.name, Math.min(networks.get(near.name) ?? near.atMs, near.atMs));
      }
    }
    return { names: [...names], networks };
  }

  isBetween(a: Party, b: Party): boolean {
    const names = this.#names;
    if (a !== this.#seeker || names.version !== this.#seekerVersion) this.#seek(a);
    const subject = this.#seekerSubject;
    const device = this.#seekerDevice;
    if (subject === undefined && device === undefined) return false;
    const otherSubject = names.find(b.subject);
    const otherDevice = names.find(b.deviceKey);
    return (
      this.#isApart(subject, otherSubject) ||
      this.#isApart(subject, otherDevice) ||
      this.#isApart(device, otherSubject) ||
      this.#isApart(device, otherDevice)
    );
  }

  /**
   * Returns when `by` first blocked or reported a user of the network of `of` within
   * `NETWORK_APART_MS`.
   *
   * @returns infinity if that never happened
   */
  nearSinceMs(by: Party, of: Party): number {
    if (this.#near.size === 0 || of.proven || of.origin === null) return Number.POSITIVE_INFINITY;
    const network = this.#names.find(of.origin);
    if (network === undefined) return Number.POSITIVE_INFINITY;
    return Math.min(
      this.#nearSince(this.#names.find(by.subject), network),
      this.#nearSince(this.#names.find(by.deviceKey), network),
    );
  }

  /** Ends network separations that are older than `NETWORK_APART_MS`. */
  advance(nowMs: number): void {
    for (;;) {
      const oldest = this.#nearByAge[this.#nearDone];
      if (oldest === undefined || nowMs - oldest.atMs < NETWORK_APART_MS) break;
      this.#removeNear(oldest);
      this.#nearDone += 1;
    }
    if (this.#nearDone > 1_024 && this.#nearDone * 2 > this.#nearByAge.length) {
      this.#nearByAge = this.#nearByAge.slice(this.#nearDone);
      this.#nearDone = 0;
    }
  }

  #seek(party: Party): void {
    this.#seeker = party;
    this.#seekerVersion = this.#names.version;
    this.#seekerSubject = this.#names.find(party.subject);
    this.#seekerDevice = this.#names.find(party.deviceKey);
  }

  /** Above `SEPARATION_REPEATS_MAX` the oldest repeat is evicted. The first separation stays. */
  #repeat(kept: Kept, separation: Separation, atMs: number, nowMs: number): void {
    if (appliedOf(kept).some((each) => this.#covers(each, separation, atMs, nowMs))) return;
    kept.repeats ??= [];
    kept.repeats.push(this.#apply(separation, atMs, nowMs));
    if (kept.repeats.length <= SEPARATION_REPEATS_MAX) return;
    const oldest = kept.repeats.shift();
    if (oldest !== undefined) this.#undo(oldest);
  }

  /** Whether the separation would add nothing to another one of the same key. */
  #covers(
    other: Applied,
    { by, of, network, mark, match }: Separation,
    atMs: number,
    nowMs: number,
  ): boolean {
    if (!this.#areNamesOf(by, other.by) || !this.#areNamesOf(of, other.of)) return false;
    if (network === null || nowMs - atMs >= NETWORK_APART_MS) return true;
    const { near } = other;
    if (near?.name === network && match !== undefined && match === other.match) return true;
    if (near === null || near.isOver || near.network !== this.#names.find(network)) return false;
    // Separations with the same mark are one block, whose day begins with the first.
    return mark !== null || near.atMs >= atMs;
  }

  #areNamesOf({ subject, device }: Person, numbers: readonly number[]): boolean {
    const names = device === null ? [subject] : [subject, device];
    return (
      names.length === numbers.length &&
      names.every((name, at) => this.#names.find(name) === numbers[at])
    );
  }

  #apply({ by, of, network, match }: Separation, atMs: number, nowMs: number): Applied {
    const isNear = network !== null && nowMs - atMs < NETWORK_APART_MS;
    const near = isNear ? this.#addNear(by, network, atMs) : null;
    const applied: Applied = { by: this.#take(by), of: this.#take(of), near, match };
    this.#count(applied, 1);
    return applied;
  }

  /** Reverses `#apply`. */
  #undo(applied: Applied): void {
    if (applied.near !== null) this.#removeNear(applied.near);
    this.#count(applied, -1);
    for (const name of [...applied.by, ...applied.of]) this.#names.release(name);
  }

  #makeRoom(owner: SubjectId | null): void {
    const { max, perPersonMax } = this.#options;
    const own = owner === null ? undefined : this.#ofOwner.get(owner);
    if (own !== undefined && own.size >= perPersonMax) this.#forgetFirst(own);
    if (this.#kept.size >= max) this.#forgetFirst(this.#kept.values());
  }

  #forgetFirst(oldestFirst: Iterable<Kept>): void {
    for (const oldest of oldestFirst) {
      this.#forget(oldest);
      return;
    }
  }

  #forget(kept: Kept): void {
    this.#kept.delete(kept.key);
    if (kept.owner !== null) {
      const own = this.#ofOwner.get(kept.owner);
      own?.delete(kept);
      if (own?.size === 0) this.#ofOwner.delete(kept.owner);
    }
    for (const applied of appliedOf(kept)) this.#undo(applied);
  }

  #take({ subject, device }: Person): readonly number[] {
    const names = [this.#names.take(subject)];
    if (device !== null) names.push(this.#names.take(device));
    return names;
  }

  #count({ by, of }: Applied, change: 1 | -1): void {
    for (const one of by) {
      for (const other of of) {
        const pair = pairOf(one, other);
        const count = (this.#pairs.get(pair) ?? 0) + change;
        if (count === 0) this.#pairs.delete(pair);
        else this.#pairs.set(pair, count);
      }
    }
  }

  #isApart(one: number | undefined, other: number | undefined): boolean {
    return one !== undefined && other !== undefined && this.#pairs.has(pairOf(one, other));
  }

  #addNear(by: Person, network: string, atMs: number): Near {
    const near = {
      name: network,
      network: this.#names.take(network),
      by: this.#take(by),
      atMs,
      isOver: false,
    };
    for (const name of near.by) {
      const pair = pairOf(name, near.network);
      const known = this.#near.get(pair);
      if (known === undefined) this.#near.set(pair, [near]);
      else insertByAge(known, near, 0);
    }
    insertByAge(this.#nearByAge, near, this.#nearDone);
    return near;
  }

  #removeNear(near: Near): void {
    if (near.isOver) return;
    near.isOver = true;
    for (const name of near.by) {
      const pair = pairOf(name, near.network);
      const left = (this.#near.get(pair) ?? []).filter((one) => one !== near);
      if (left.length === 0) this.#near.delete(pair);
      else this.#near.set(pair, left);
      this.#names.release(name);
    }
    this.#names.release(near.network);
  }

  #nearSince(name: number | undefined, network: number): number {
    const oldest = name === undefined ? undefined : this.#near.get(pairOf(name, network))?.[0];
    return oldest?.atMs ?? Number.POSITIVE_INFINITY;
  }
}

/** Inserts in the order of time. Most entries are the newest, so the search begins at the end. */
function insertByAge(sorted: Near[], near: Near, from: number): void {
  let at = sorted.length;
  while (at > from && (sorted[at - 1]?.atMs ?? near.atMs) > near.atMs) at -= 1;
  sorted.splice(at, 0, near);
}

function appliedOf(kept: Kept): readonly Applied[] {
  return kept.repeats === null ? [kept] : [kept, ...kept.repeats];
}

/**
 * Returns the key of a separation. A permanent separation belongs to its author. A removable one
 * belongs to the two people and its `mark`, in either order.
 */
function keyOf(by: SubjectId, of: SubjectId, mark: string | null): string {
  if (mark === null) return `${by} ${of}`;
  return by < of ? `${by} ${of} ${mark}` : `${of} ${by} ${mark}`;
}

import { assert } from '@farandole/kernel/assert';
import type { Prng } from '@farandole/kernel/prng';
import { GROUP_PROBES_PER_ATTEMPT_MAX, GROUP_RETRY_AFTER_MS } from './limits.ts';
import { NONE } from './linked-lists.ts';
import { sharedLanguages, waitingScore } from './score.ts';
import type { AtLeastTwo } from './seats.ts';
import type { Waiter } from './waiter.ts';
import { type WideningSchedule, type Wishes, wishesHeld, wishesMet } from './widening.ts';

export interface GroupCrowdOptions {
  readonly schedule: WideningSchedule;
  readonly wishes: Wishes;
  /** Role of the mode's first seat. */
  readonly firstRole: string;
  /** Below this number of waiting tickets they drop their wishes early. */
  readonly quietBelow: number;
  permits(a: Waiter, b: Waiter): boolean;
}

/** A ticket for the first seat of a group, which searches two others. */
interface Seeker {
  readonly waiter: Waiter;
  /** The two tickets at which the next attempt continues. Null if it starts a new pass. */
  cursor: readonly [Waiter, Waiter] | null;
  /** Version of the crowd when the current or last pass began. */
  passVersion: number;
  /** When the next pass begins, unless the crowd's version changes before. */
  restsUntilMs: number;
}

/** Value of a waiter's slot in this crowd, which needs none. */
const PRESENT = 0;

/**
 * The tickets of one mode with three seats and of one age band. The first seat has a role of its
 * own, and the two other seats share a role.
 * A ticket for the first seat searches: it compares pairs of the other tickets, longest wait first,
 * and takes the first pair in which every two of the three may meet. An attempt makes at most
 * `GROUP_PROBES_PER_ATTEMPT_MAX` comparisons, and the next attempt continues there. After a whole
 * pass the ticket pauses until another ticket enters or `GROUP_RETRY_AFTER_MS` have passed.
 */
export class GroupCrowd {
  readonly #options: GroupCrowdOptions;
  /** Both in the order of waiting. */
  readonly #seekers: Seeker[] = [];
  readonly #others: Waiter[] = [];
  /** Changes when a pair can have become possible. */
  #version = 0;
  #nowMs: number;
  /** The seeker with which the next wave begins, so that no seeker starves another. */
  #next = 0;
  /** Number of comparisons of the current attempt. */
  #probes = 0;

  constructor(options: GroupCrowdOptions, nowMs: number) {
    this.#options = options;
    this.#nowMs = nowMs;
  }

  /** An hour pairs users two by two, so it changes nothing here. */
  set isInRounds(_isInRounds: boolean) {}

  get waiting(): number {
    return this.#seekers.length + this.#others.length;
  }

  get backlog(): number {
    if (this.#others.length < 2) return 0;
    return this.#seekers.filter((seeker) => this.#isDue(seeker)).length;
  }

  enter(waiter: Waiter): void {
    waiter.slot = PRESENT;
    if (waiter.ticket.role === this.#options.firstRole) {
      const seeker = { waiter, cursor: null, passVersion: -1, restsUntilMs: 0 };
      this.#seekers.splice(placeOf(this.#seekers, waiter, waiterOf), 0, seeker);
      return;
    }
    this.#others.splice(placeOf(this.#others, waiter, itself), 0, waiter);
    this.#version += 1;
  }

  leave(waiter: Waiter): void {
    const isFirst = waiter.ticket.role === this.#options.firstRole;
    if (isFirst) this.#seekers.splice(placeOf(this.#seekers, waiter, waiterOf), 1);
    else this.#others.splice(placeOf(this.#others, waiter, itself), 1);
    waiter.slot = NONE;
  }

  /** Does nothing, because no mode of this crowd has a wish for a shared interest. */
  widened(): void {}

  /** Does nothing, because interests have no effect in this crowd. */
  noteUses(): void {}

  holds(waiter: Waiter): boolean {
    return this.#others.includes(waiter) || this.#seekers.some((each) => each.waiter === waiter);
  }

  easeIfQuiet(nowMs: number): void {
    const { quietBelow, schedule } = this.#options;
    if (this.waiting >= quietBelow) return;
    for (const waiter of [...this.#others, ...this.#seekers.map(waiterOf)]) {
      if (waiter.eased || nowMs - waiter.sinceMs < schedule.quietHeldMs) continue;
      waiter.eased = true;
      this.#version += 1;
    }
  }

  /** Like `Crowd.runWave`. Calls `onGroup` with the tickets in the order of the mode's seats. */
  runWave(
    nowMs: number,
    _prng: Prng,
    probesMax: number,
    onGroup: (group: AtLeastTwo<Waiter>, score: number) => void,
  ): number {
    this.#nowMs = nowMs;
    let spent = 0;
    let left = this.#seekers.length;
    if (this.#next >= left) this.#next = 0;
    while (left > 0 && spent < probesMax && this.#others.length >= 2) {
      left -= 1;
      const seeker = this.#seekers[this.#next];
      if (seeker === undefined) break;
      this.#probes = 1;
      const group = this.#isDue(seeker) ? this.#attempt(seeker) : null;
      spent += this.#probes;
      if (group === null) this.#next += 1;
      else {
        for (const waiter of group) this.leave(waiter);
        onGroup(group, this.#scoreOf(group));
      }
      if (this.#next >= this.#seekers.length) this.#next = 0;
    }
    return spent;
  }

  /** @throws AssertionError if the crowd contradicts itself */
  check(): void {
    for (const list of [this.#others, this.#seekers.map(waiterOf)]) {
      for (const [at, waiter] of list.entries()) {
        const before = list[at - 1];
        assert(before === undefined || inOrder(before, waiter) < 0, 'a list is out of order');
        assert(waiter.slot === PRESENT, 'a listed ticket has no slot');
      }
    }
  }

  #isDue({ cursor, passVersion, restsUntilMs }: Seeker): boolean {
    return cursor !== null || passVersion !== this.#version || this.#nowMs >= restsUntilMs;
  }

  #attempt(seeker: Seeker): AtLeastTwo<Waiter> | null {
    const others = this.#others;
    const [first, second] = seeker.cursor ?? [];
    if (seeker.cursor === null) seeker.passVersion = this.#version;
    let from = first === undefined ? 0 : placeOf(others, first, itself);
    // If the first ticket of the cursor has left, all pairs of the next ticket are left.
    let then = others[from] === first && second !== undefined ? placeOf(others, second, itself) : 0;
    for (; from < others.length - 1; from++, then = 0) {
      const one = others[from] as Waiter;
      if (!this.#fit(seeker.waiter, one)) continue;
      for (let at = Math.max(from + 1, then); at < others.length; at++) {
        const other = others[at] as Waiter;
        if (this.#probes >= GROUP_PROBES_PER_ATTEMPT_MAX) {
          seeker.cursor = [one, other];
          return null;
        }
        if (!this.#fit(one, other) || !this.#fit(seeker.waiter, other)) continue;
        return [seeker.waiter, one, other];
      }
    }
    seeker.cursor = null;
    seeker.restsUntilMs = this.#nowMs + GROUP_RETRY_AFTER_MS;
    return null;
  }

  #fit(a: Waiter, b: Waiter): boolean {
    this.#probes += 1;
    const speak = a.ticket.languages.length > 0 && b.ticket.languages.length > 0;
    const isLanguageMet = !speak || sharedLanguages(a.ticket, b.ticket).length > 0;
    const held = this.#wishesOf(a) | this.#wishesOf(b);
    return wishesMet(held, true, isLanguageMet, true) && this.#options.permits(a, b);
  }

  #wishesOf({ ticket, sinceMs, eased }: Waiter): Wishes {
    const { schedule, wishes } = this.#options;
    return wishesHeld(ticket, this.#nowMs - sinceMs, schedule, eased) & wishes;
  }

  #scoreOf(group: readonly Waiter[]): number {
    return group.reduce((sum, { sinceMs }) => sum + waitingScore(this.#nowMs - sinceMs), 0);
  }
}

function itself(waiter: Waiter): Waiter {
  return waiter;
}

function waiterOf({ waiter }: Seeker): Waiter {
  return waiter;
}

/** Orders tickets by their waiting time, longest first. */
function inOrder(a: Waiter, b: Waiter): number {
  if (a.sinceMs !== b.sinceMs) return a.sinceMs - b.sinceMs;
  return a.ticket.id < b.ticket.id ? -1 : Number(a.ticket.id > b.ticket.id);
}

/** Returns the place of a ticket in a list, whether or not the list has it, by binary search. */
function placeOf<Item>(list: readonly Item[], waiter: Waiter, of: (item: Item) => Waiter): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (inOrder(of(list[middle] as Item), waiter) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

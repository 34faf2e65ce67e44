import type { Prng } from '@farandole/kernel/prng';
import { AGAIN, AttemptQueue, FRESH, FURTHER, type Line } from './attempt-queue.ts';
import { CrowdIndex, ENTRIES_PER_SLOT } from './crowd-index.ts';
import { checkCrowd } from './invariants.ts';
import { LinkedLists, NONE } from './linked-lists.ts';
import { Pairing, type PairingPolicy } from './pairing.ts';
import type { AtLeastTwo } from './seats.ts';
import { isUnproven, type TagUses } from './tag-uses.ts';
import type { Waiter } from './waiter.ts';
import {
  IN_GOOD_SEGMENT,
  nextWideningMs,
  ONLY_SHARED,
  SHARED_INTEREST,
  UNPROVEN,
  type WideningSchedule,
  type Wishes,
  wishesHeld,
} from './widening.ts';

export interface CrowdOptions extends PairingPolicy {
  readonly schedule: WideningSchedule;
  readonly wishes: Wishes;
  /** Pause in ms after a ticket was compared with every other ticket and found no partner. */
  readonly retryAfterMs: number;
  /** Below this number of waiting tickets they drop their wishes early. */
  readonly quietBelow: number;
  permits(a: Waiter, b: Waiter): boolean;
  readonly tagUses: TagUses;
}

/** Number of the only list of `#present`. */
const PRESENT = 0;

/** Number of probes charged for each attempt, so that attempts on empty lists aren't free. */
const ATTEMPT_PROBES = 8;
export function attemptProbesMax(listProbesMax: number): number {
  return ATTEMPT_PROBES + ENTRIES_PER_SLOT * listProbesMax;
}

/**
 * Cumulative share of a wave's probes that each queue may spend first, so that no queue starves
 * another. Unspent probes then go to all queues.
 */
const SHARES: readonly (readonly [line: Line, until: number])[] = [
  [FRESH, 1 / 2],
  [FURTHER, 3 / 4],
  [AGAIN, 1],
];

/**
 * The tickets that wait in one mode and one age band. Restricted tickets, private meetings and
 * language exchanges and each community have crowds of their own. Tickets of different crowds
 * never meet.
 * A ticket gets a matching attempt on arrival, whenever it drops a requirement, and after each
 * pause. A ticket that found no partner and wasn't compared with every other ticket queues
 * again, behind those without an attempt yet. So of two tickets that may meet, at least one is
 * compared with the other after the match became possible.
 */
export class Crowd {
  readonly index = new CrowdIndex();
  readonly pairing: Pairing;
  readonly attempts: AttemptQueue;
  readonly #options: CrowdOptions;
  /** One list of the slots of all waiting tickets. */
  readonly #present = new LinkedLists();

  constructor(options: CrowdOptions, nowMs: number) {
    this.#options = options;
    this.pairing = new Pairing(this.index, options, (a, b) => options.permits(a, b));
    this.attempts = new AttemptQueue(nowMs);
    this.#present.growLists(1);
  }

  get waiting(): number {
    return this.index.waiting;
  }

  /** Whether the crowd is paired in the rounds of an hour (MM-121, MM-122). */
  set isInRounds(isInRounds: boolean) {
    this.pairing.isRandom = isInRounds;
  }

  /** Number of due attempts that no wave has run yet. */
  get backlog(): number {
    return this.attempts.length;
  }

  enter(waiter: Waiter, nowMs: number): void {
    const { capacity } = this.index;
    waiter.slot = this.index.enter(waiter, this.wishesOf(waiter, nowMs));
    if (this.index.capacity > capacity) {
      this.attempts.grow(this.index.capacity);
      this.#present.growNodes(this.index.capacity);
    }
    this.#present.append(PRESENT, waiter.slot);
    this.attempts.add(waiter.slot, FRESH);
    this.#scheduleWidening(waiter);
  }

  leave(waiter: Waiter): void {
    this.pairing.passes.end(waiter.slot);
    this.attempts.leave(waiter.slot);
    this.#present.remove(PRESENT, waiter.slot);
    this.index.leave(waiter.slot);
    waiter.slot = NONE;
  }

  widened(waiter: Waiter, nowMs: number): void {
    this.#wake(waiter.slot, nowMs);
  }

  noteUses(waiter: Waiter, uses: TagUses, nowMs: number): void {
    this.index.noteUses(waiter, uses, nowMs);
  }

  holds(waiter: Waiter): boolean {
    return this.index.slots.waiter(waiter.slot) === waiter;
  }

  /** @throws AssertionError if the crowd contradicts itself */
  check(): void {
    checkCrowd(this);
  }

  /** Returns the bits of the ticket's current requirements and of its facts. */
  wishesOf({ ticket, sinceMs, widened, eased }: Waiter, nowMs: number): number {
    const { schedule, wishes } = this.#options;
    const held = wishesHeld(ticket, nowMs - sinceMs, schedule, eased) & wishes;
    let bits = widened ? held & ~SHARED_INTEREST : held;
    if (ticket.onlyShared) bits |= ONLY_SHARED;
    if (ticket.circle === 'good') bits |= IN_GOOD_SEGMENT;
    if (isUnproven(ticket)) bits |= UNPROVEN;
    return bits;
  }

  /** Applies MM-30a and MM-121. Outside an hour, reads at most `quietBelow` tickets. */
  easeIfQuiet(nowMs: number): void {
    const { quietBelow, schedule } = this.#options;
    const isInRounds = this.pairing.isRandom;
    if (!isInRounds && this.index.waiting >= quietBelow) return;
    const heldMs = isInRounds ? 0 : schedule.quietHeldMs;
    let slot = this.#present.first(PRESENT);
    for (; slot !== NONE; slot = this.#present.next(slot)) {
      const waiter = this.index.slots.waiter(slot);
      if (waiter.eased || nowMs - waiter.sinceMs < heldMs) continue;
      waiter.eased = true;
      const changes = this.wishesOf(waiter, nowMs) !== this.index.slots.wishes(slot);
      if (changes) this.#wake(slot, nowMs);
    }
  }

  /**
   * Runs attempts until the queue is empty or `probesMax` candidates were examined. The last
   * attempt may exceed that by its own limit. Calls `onPair` with each pair and its score, after
   * the pair has left the crowd.
   *
   * @returns the number of candidates examined
   */
  runWave(
    nowMs: number,
    prng: Prng,
    probesMax: number,
    onPair: (pair: AtLeastTwo<Waiter>, score: number) => void,
  ): number {
    this.attempts.wake(nowMs, (slot) => this.#wake(slot, nowMs));
    if (this.attempts.length === 0) return 0;
    let spent = 0;
    const runAttempts = (line: Line, spentMax: number): void => {
      while (spent < spentMax) {
        const slot = this.attempts.next(line);
        if (slot === NONE) return;
        this.pairing.attempt(slot, nowMs, prng);
        spent += ATTEMPT_PROBES + this.pairing.probes;
        if (this.pairing.partner !== NONE) this.#pair(slot, onPair);
        else if (this.pairing.passEnded) this.#rest(slot, nowMs);
        else this.attempts.add(slot, line === FRESH ? FURTHER : line);
      }
    };
    for (const [line, until] of SHARES) runAttempts(line, probesMax * until);
    for (const [line] of SHARES) runAttempts(line, probesMax);
    return spent;
  }

  #pair(slot: number, onPair: (pair: AtLeastTwo<Waiter>, score: number) => void): void {
    const seeker = this.index.slots.waiter(slot);
    const found = this.index.slots.waiter(this.pairing.partner);
    const { score } = this.pairing;
    this.leave(seeker);
    this.leave(found);
    onPair([seeker, found], score);
  }

  #wake(slot: number, nowMs: number): void {
    const waiter = this.index.slots.waiter(slot);
    const wishes = this.wishesOf(waiter, nowMs);
    if (wishes === this.index.slots.wishes(slot)) this.attempts.add(slot, AGAIN);
    else {
      this.pairing.passes.end(slot);
      this.index.dropWishes(slot, wishes);
      this.attempts.add(slot, FRESH);
    }
    this.#scheduleWidening(waiter);
  }

  /** Wakes the ticket at the time when it drops its next requirement. */
  #scheduleWidening(waiter: Waiter): void {
    const widensAtMs = this.#nextWideningMs(waiter);
    if (widensAtMs !== null) this.attempts.wakeAt(waiter.slot, widensAtMs);
  }

  #rest(slot: number, nowMs: number): void {
    const widensAtMs = this.#nextWideningMs(this.index.slots.waiter(slot));
    const restedMs = nowMs + this.#options.retryAfterMs;
    this.attempts.wakeAt(slot, widensAtMs === null ? restedMs : Math.min(widensAtMs, restedMs));
  }

  #nextWideningMs(waiter: Waiter): number | null {
    const held = this.index.slots.wishes(waiter.slot);
    const waitedMs = nextWideningMs(waiter.ticket, held, this.#options.schedule);
    return waitedMs === null ? null : waiter.sinceMs + waitedMs;
  }
}

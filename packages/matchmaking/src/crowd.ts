import type { Prng } from '@farandole/kernel/prng';
import { AGAIN, AttemptQueue, FRESH, FURTHER, type Line } from './attempt-queue.ts';
import { CrowdIndex, ENTRIES_PER_SLOT } from './crowd-index.ts';
import { NONE } from './linked-lists.ts';
import { Pairing, type PairingPolicy } from './pairing.ts';
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
  /** Pause of a ticket after it has seen every other. */
  readonly retryAfterMs: number;
  permits(a: Waiter, b: Waiter): boolean;
  readonly tagUses: TagUses;
}

/** Fixed cost of an attempt, so that attempts in empty lists aren't free. */
const ATTEMPT_PROBES = 8;
export function attemptProbesMax(listProbesMax: number): number {
  return ATTEMPT_PROBES + ENTRIES_PER_SLOT * listProbesMax;
}

/** First shares of a wave, so that no line starves another; unused shares go to all. */
const SHARES: readonly (readonly [line: Line, until: number])[] = [
  [FRESH, 1 / 2],
  [FURTHER, 3 / 4],
  [AGAIN, 1],
];

/**
 * Tickets waiting in one mode and age band, restricted ones separate. Different crowds never meet.
 * A ticket gets an attempt on arrival, whenever it drops a wish, and after each rest. A ticket that
 * found no partner and hasn't seen every other queues again, behind those without an attempt yet.
 * So of two tickets that may meet, the one for which this became possible later sees all others and
 * finds the first, or is found before.
 */
export class Crowd {
  readonly index = new CrowdIndex();
  readonly pairing: Pairing;
  readonly attempts: AttemptQueue;
  readonly #options: CrowdOptions;

  constructor(options: CrowdOptions, nowMs: number) {
    this.#options = options;
    this.pairing = new Pairing(this.index, options, (a, b) => options.permits(a, b));
    this.attempts = new AttemptQueue(nowMs);
  }

  get waiting(): number {
    return this.index.waiting;
  }

  /** Due attempts that no wave has run yet. */
  get backlog(): number {
    return this.attempts.length;
  }

  enter(waiter: Waiter, nowMs: number): void {
    const { capacity } = this.index;
    waiter.slot = this.index.enter(waiter, this.wishesOf(waiter, nowMs));
    if (this.index.capacity > capacity) this.attempts.grow(this.index.capacity);
    this.attempts.add(waiter.slot, FRESH);
    this.#scheduleWidening(waiter);
  }

  leave(waiter: Waiter): void {
    this.pairing.passes.end(waiter.slot);
    this.attempts.leave(waiter.slot);
    this.index.leave(waiter.slot);
    waiter.slot = NONE;
  }

  widened(waiter: Waiter, nowMs: number): void {
    this.#wake(waiter.slot, nowMs);
  }

  /** Wish bits plus the bits of facts. */
  wishesOf({ ticket, sinceMs, widened }: Waiter, nowMs: number): number {
    const held = wishesHeld(ticket, nowMs - sinceMs, this.#options.schedule) & this.#options.wishes;
    let bits = widened ? held & ~SHARED_INTEREST : held;
    if (ticket.onlyShared) bits |= ONLY_SHARED;
    if (ticket.circle === 'good') bits |= IN_GOOD_SEGMENT;
    if (isUnproven(ticket)) bits |= UNPROVEN;
    return bits;
  }

  /**
   * Runs attempts until the queue is empty or `probesMax` probes are spent; the last attempt may
   * exceed that by its own limit. Calls `onPair` for each pair, which has left the crowd, with its
   * score.
   * @returns the number of probes
   */
  runWave(
    nowMs: number,
    prng: Prng,
    probesMax: number,
    onPair: (seeker: Waiter, found: Waiter, score: number) => void,
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

  #pair(slot: number, onPair: (seeker: Waiter, found: Waiter, score: number) => void): void {
    const seeker = this.index.slots.waiter(slot);
    const found = this.index.slots.waiter(this.pairing.partner);
    const { score } = this.pairing;
    this.leave(seeker);
    this.leave(found);
    onPair(seeker, found, score);
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

  /** A queued waiter only needs to be woken for dropping a wish. */
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

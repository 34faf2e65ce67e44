import type { Prng } from '@farandole/kernel/prng';
import { CrowdIndex, LANES } from './crowd-index.ts';
import { NONE } from './linked-lists.ts';
import { Pairing, type PairingPolicy } from './pairing.ts';
import { isUnproven, type TagUses } from './tag-uses.ts';
import { AGAIN, FRESH, FURTHER, type Line, Turns } from './turns.ts';
import type { Waiter } from './waiter.ts';
import {
  IN_GOOD_CIRCLE,
  nextLetGoMs,
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
const TURN_LOOKS = 8;
export function turnLooksMax(listLooksMax: number): number {
  return TURN_LOOKS + LANES * listLooksMax;
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
  readonly turns: Turns;
  readonly #options: CrowdOptions;

  constructor(options: CrowdOptions, nowMs: number) {
    this.#options = options;
    this.pairing = new Pairing(this.index, options, (a, b) => options.permits(a, b));
    this.turns = new Turns(nowMs);
  }

  get waiting(): number {
    return this.index.waiting;
  }

  /** Due attempts that no wave has run yet. */
  get backlog(): number {
    return this.turns.standing;
  }

  enter(waiter: Waiter, nowMs: number): void {
    const { capacity } = this.index;
    waiter.slot = this.index.enter(waiter, this.wishesOf(waiter, nowMs));
    if (this.index.capacity > capacity) this.turns.grow(this.index.capacity);
    this.turns.stand(waiter.slot, FRESH);
    this.#expectLetGo(waiter);
  }

  leave(waiter: Waiter): void {
    this.pairing.passes.end(waiter.slot);
    this.turns.leave(waiter.slot);
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
    if (ticket.circle === 'good') bits |= IN_GOOD_CIRCLE;
    if (isUnproven(ticket)) bits |= UNPROVEN;
    return bits;
  }

  /**
   * Runs attempts until the queue is empty or `looksMax` looks are spent; the last attempt may
   * exceed that by its own limit. Calls `onPair` for each pair, which has left the crowd, with its
   * score.
   * @returns the looks spent
   */
  runWave(
    nowMs: number,
    prng: Prng,
    looksMax: number,
    onPair: (seeker: Waiter, found: Waiter, score: number) => void,
  ): number {
    this.turns.wake(nowMs, (slot) => this.#wake(slot, nowMs));
    if (this.turns.standing === 0) return 0;
    let spent = 0;
    const giveTurns = (line: Line, spentMax: number): void => {
      while (spent < spentMax) {
        const slot = this.turns.next(line);
        if (slot === NONE) return;
        this.pairing.takeTurn(slot, nowMs, prng);
        spent += TURN_LOOKS + this.pairing.looks;
        if (this.pairing.partner !== NONE) this.#pair(slot, onPair);
        else if (this.pairing.passEnded) this.#rest(slot, nowMs);
        else this.turns.stand(slot, line === FRESH ? FURTHER : line);
      }
    };
    for (const [line, until] of SHARES) giveTurns(line, looksMax * until);
    for (const [line] of SHARES) giveTurns(line, looksMax);
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
    if (wishes === this.index.slots.wishes(slot)) this.turns.stand(slot, AGAIN);
    else {
      this.pairing.passes.end(slot);
      this.index.letGo(slot, wishes);
      this.turns.stand(slot, FRESH);
    }
    this.#expectLetGo(waiter);
  }

  /** A queued waiter only needs to be woken for dropping a wish. */
  #expectLetGo(waiter: Waiter): void {
    const letGoMs = this.#nextLetGoMs(waiter);
    if (letGoMs !== null) this.turns.wakeAt(waiter.slot, letGoMs);
  }

  #rest(slot: number, nowMs: number): void {
    const letGoMs = this.#nextLetGoMs(this.index.slots.waiter(slot));
    const restedMs = nowMs + this.#options.retryAfterMs;
    this.turns.wakeAt(slot, letGoMs === null ? restedMs : Math.min(letGoMs, restedMs));
  }

  #nextLetGoMs(waiter: Waiter): number | null {
    const held = this.index.slots.wishes(waiter.slot);
    const waitedMs = nextLetGoMs(waiter.ticket, held, this.#options.schedule);
    return waitedMs === null ? null : waiter.sinceMs + waitedMs;
  }
}

import type { Prng } from '@farandole/kernel/prng';
import { CrowdIndex, LANES } from './crowd-index.ts';
import { NONE } from './linked-lists.ts';
import { Pairing, type PairingPolicy } from './pairing.ts';
import { AGAIN, FRESH, FURTHER, type Line, Turns } from './turns.ts';
import type { Waiter } from './waiter.ts';
import {
  IN_GOOD_CIRCLE,
  nextLetGoMs,
  SHARED_INTEREST,
  type WideningSchedule,
  type Wishes,
  wishesHeld,
} from './widening.ts';

export interface CrowdOptions extends PairingPolicy {
  readonly schedule: WideningSchedule;
  /** Those of the mode; a ticket holds no other. */
  readonly wishes: Wishes;
  /** How long a ticket that saw everybody rests. */
  readonly retryAfterMs: number;
  /** Whether the hard rules let the two meet. */
  permits(a: Waiter, b: Waiter): boolean;
}

/** What a turn costs beside its looks, so that turns in empty lists are not free. */
const TURN_LOOKS = 8;
/** What one turn may spend. */
export function turnLooksMax(listLooksMax: number): number {
  return TURN_LOOKS + LANES * listLooksMax;
}

/**
 * The part of a wave at which each line stops at first, so that none can starve another: half for
 * newcomers, a quarter each for the others. What one leaves is for all.
 */
const SHARES: readonly (readonly [line: Line, until: number])[] = [
  [FRESH, 1 / 2],
  [FURTHER, 3 / 4],
  [AGAIN, 1],
];

/**
 * Those who wait in one mode and one age band, the restricted apart. Nobody of another crowd is ever looked at.
 *
 * Everybody takes a turn on arrival, again whenever they let go of a wish, and again after each
 * rest. Whoever found nobody in a turn but has not seen everybody stands in line once more, behind
 * those who have had no turn yet. So of two who may meet, the one for whom it became possible later passes everybody and
 * finds the other, or is found first.
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

  /** How many wait. */
  get waiting(): number {
    return this.index.waiting;
  }

  /** How many of them have a turn due that no wave has given them yet. */
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

  /** The waiter, who waits here, holds fewer wishes than before. */
  widened(waiter: Waiter, nowMs: number): void {
    this.#wake(waiter.slot, nowMs);
  }

  /** The wishes that a waiter holds, and beside them in which circle it is. */
  wishesOf({ ticket, sinceMs, widened }: Waiter, nowMs: number): number {
    const held = wishesHeld(ticket, nowMs - sinceMs, this.#options.schedule) & this.#options.wishes;
    const wishes = widened ? held & ~SHARED_INTEREST : held;
    return ticket.circle === 'good' ? wishes | IN_GOOD_CIRCLE : wishes;
  }

  /**
   * Gives turns until nobody stands in line or `looksMax` looks are spent; the last turn may go
   * over by as much as one turn can look at. `onPair` hears of each pair, which has left the
   * crowd, and of its score.
   *
   * @returns The looks spent.
   */
  runWave(
    nowMs: number,
    prng: Prng,
    looksMax: number,
    onPair: (seeker: Waiter, found: Waiter, score: number) => void,
  ): number {
    this.turns.wake(nowMs, (slot) => this.#wake(slot, nowMs));
    // Most waves of most crowds find nobody in line.
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

  /** A wish ran out, or a rest did. */
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

  /** While a waiter stands in line, only letting go of a wish is still to come for it. */
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

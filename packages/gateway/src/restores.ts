import type { MatchId } from '@farandole/kernel/id';
import type { Counters } from '@farandole/protocol/fields';
import { RESTORE_WINDOW_MS } from '@farandole/protocol/limits';
import { RESTORES_MAX } from './limits.ts';
import type { CallReceipt } from './receipts.ts';
import type { Session } from './session.ts';

/** One seat of a call of before the restart, waiting for the other. */
export interface Restore {
  readonly receipt: CallReceipt;
  readonly session: Session;
  /** The lines that this seat has. */
  readonly received: Counters;
}

type Window =
  | { readonly state: 'not-begun' }
  | { readonly state: 'open'; readonly endsAtMs: number }
  | { readonly state: 'over' };

/**
 * The calls of before a restart, for as long as both seats may still present their receipts. What
 * was restored, ended, blocked or reported meanwhile is *settled*, and is not restored any more.
 */
export class Restores {
  readonly #max: number;
  #window: Window = { state: 'not-begun' };
  readonly #waiting = new Map<MatchId, Restore>();
  readonly #settled = new Set<MatchId>();

  constructor(max = RESTORES_MAX) {
    this.#max = max;
  }

  /** Calls known: those that wait for a seat, and those that are settled. */
  get size(): number {
    return this.#waiting.size + this.#settled.size;
  }

  /**
   * The window begins with the first hello that the node accepts, since before it nobody could
   * have come.
   *
   * @returns when it ends, or null when it had begun before
   */
  begin(nowMs: number): number | null {
    if (this.#window.state !== 'not-begun') return null;
    const endsAtMs = nowMs + RESTORE_WINDOW_MS;
    this.#window = { state: 'open', endsAtMs };
    return endsAtMs;
  }

  /** How much of the window is left; null when no call can be restored any more. */
  leftMs(nowMs: number): number | null {
    if (this.#window.state !== 'open' || nowMs >= this.#window.endsAtMs) return null;
    return this.#window.endsAtMs - nowMs;
  }

  waiting(match: MatchId): Restore | undefined {
    return this.#waiting.get(match);
  }

  isSettled(match: MatchId): boolean {
    return this.#settled.has(match);
  }

  /** Lets one seat wait; false when too many calls are known already. */
  wait(restore: Restore): boolean {
    if (this.size >= this.#max) return false;
    this.#waiting.set(restore.receipt.match, restore);
    return true;
  }

  /** The one who waited has gone, and may come again. */
  forget(match: MatchId): void {
    this.#waiting.delete(match);
  }

  /** Nothing more can be restored of this call. */
  settle(match: MatchId): void {
    this.#waiting.delete(match);
    if (this.#window.state === 'over' || this.#settled.size >= this.#max) return;
    this.#settled.add(match);
  }

  /** The window is over: those who still wait, in the order in which they came. */
  end(): readonly Restore[] {
    const left = [...this.#waiting.values()];
    this.#window = { state: 'over' };
    this.#waiting.clear();
    this.#settled.clear();
    return left;
  }
}

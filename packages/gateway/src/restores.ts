import type { MatchId } from '@farandole/kernel/id';
import type { Counters } from '@farandole/protocol/fields';
import { RESTORE_WINDOW_MS } from '@farandole/protocol/limits';
import { RESTORES_MAX } from './limits.ts';
import type { CallReceipt } from './receipts.ts';
import type { Session } from './session.ts';

/** A user who returned after a restart and waits until their call can be restored. */
export interface Restore {
  readonly receipt: CallReceipt;
  /** The encrypted receipt. */
  readonly token: string;
  readonly session: Session;
  readonly received: Counters;
}

type Window =
  | { readonly state: 'not-begun' }
  | { readonly state: 'open'; readonly endsAtMs: number }
  | { readonly state: 'over' };

/**
 * The calls from before a restart. A call that was restored, ended, blocked or reported is
 * *settled* and can't be restored again.
 */
export class Restores {
  readonly #max: number;
  readonly #isAlwaysOpen: boolean;
  #window: Window = { state: 'not-begun' };
  readonly #waiting = new Map<MatchId, Restore>();
  readonly #settled = new Set<MatchId>();

  /**
   * @param isAlwaysOpen whether calls of other nodes can be restored at any time, each within
   * `RESTORE_WINDOW_MS`
   */
  constructor(max = RESTORES_MAX, isAlwaysOpen = false) {
    this.#max = max;
    this.#isAlwaysOpen = isAlwaysOpen;
  }

  get size(): number {
    return this.#waiting.size + this.#settled.size;
  }

  /**
   * Opens the restore window. Called at the first accepted hello.
   * @returns the end of the window, or null if the window was opened before
   */
  begin(nowMs: number): number | null {
    if (this.#isAlwaysOpen || this.#window.state !== 'not-begun') return null;
    const endsAtMs = nowMs + RESTORE_WINDOW_MS;
    this.#window = { state: 'open', endsAtMs };
    return endsAtMs;
  }

  /** Returns the time left in the restore window in ms. Null if no call can be restored now. */
  leftMs(nowMs: number): number | null {
    if (this.#isAlwaysOpen) return RESTORE_WINDOW_MS;
    if (this.#window.state !== 'open' || nowMs >= this.#window.endsAtMs) return null;
    return this.#window.endsAtMs - nowMs;
  }

  get allWaiting(): Iterable<Restore> {
    return this.#waiting.values();
  }

  waiting(match: MatchId): Restore | undefined {
    return this.#waiting.get(match);
  }

  isSettled(match: MatchId): boolean {
    return this.#settled.has(match);
  }

  /**
   * Registers a user who waits for a call to be restored. Returns false if too many calls are
   * remembered.
   */
  wait(restore: Restore): boolean {
    if (this.size >= this.#max) return false;
    this.#waiting.set(restore.receipt.match, restore);
    return true;
  }

  /** Removes a user who left while waiting for a restore. The user may return and wait again. */
  forget(match: MatchId): void {
    this.#waiting.delete(match);
  }

  settle(match: MatchId): void {
    this.#waiting.delete(match);
    if (this.#window.state === 'over') return;
    if (this.#settled.size >= this.#max) {
      if (!this.#isAlwaysOpen) return;
      for (const oldest of this.#settled) {
        this.#settled.delete(oldest);
        break;
      }
    }
    this.#settled.add(match);
  }

  /**
   * Closes the restore window. Returns the users who still wait for their call, in order of
   * arrival.
   */
  end(): readonly Restore[] {
    const left = [...this.#waiting.values()];
    this.#window = { state: 'over' };
    this.#waiting.clear();
    this.#settled.clear();
    return left;
  }
}

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
  /** The users who wait for each call, at most one per seat. */
  readonly #waiting = new Map<MatchId, readonly Restore[]>();
  readonly #settled = new Set<MatchId>();
  /** Calls of this run that the node gave up or missed the users of, oldest first. */
  readonly #abandoned = new Set<MatchId>();

  /**
   * @param isAlwaysOpen whether calls of other nodes can be restored at any time, each within
   * `RESTORE_WINDOW_MS`
   */
  constructor(max = RESTORES_MAX, isAlwaysOpen = false) {
    this.#max = max;
    this.#isAlwaysOpen = isAlwaysOpen;
  }

  get size(): number {
    return this.#waiting.size + this.#settled.size + this.#abandoned.size;
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

  get allWaiting(): readonly Restore[] {
    return [...this.#waiting.values()].flat();
  }

  waiting(match: MatchId): readonly Restore[] {
    return this.#waiting.get(match) ?? [];
  }

  isSettled(match: MatchId): boolean {
    return this.#settled.has(match);
  }

  /** Lets the users of a call of this run restore it, as if this node had restarted. */
  abandon(match: MatchId): void {
    this.#settled.delete(match);
    this.#abandoned.add(match);
    if (this.#abandoned.size > this.#max) dropOldest(this.#abandoned);
  }

  isAbandoned(match: MatchId): boolean {
    return this.#abandoned.has(match);
  }

  /**
   * Registers a user who waits for a call to be restored. Returns false if too many calls are
   * remembered.
   */
  wait(restore: Restore): boolean {
    const remembered = this.#isAlwaysOpen ? this.#waiting.size : this.size;
    const { match } = restore.receipt;
    const waiting = this.waiting(match);
    if (waiting.length === 0 && remembered >= this.#max) return false;
    this.#waiting.set(match, [...waiting, restore]);
    return true;
  }

  /** Removes a user who left while waiting for a restore. The user may return and wait again. */
  forget(restore: Restore): void {
    const { match } = restore.receipt;
    const left = this.waiting(match).filter((other) => other !== restore);
    if (left.length > 0) this.#waiting.set(match, left);
    else this.#waiting.delete(match);
  }

  settle(match: MatchId): void {
    this.#waiting.delete(match);
    this.#abandoned.delete(match);
    if (this.#window.state === 'over') return;
    if (this.#settled.size >= this.#max) {
      if (!this.#isAlwaysOpen) return;
      dropOldest(this.#settled);
    }
    this.#settled.add(match);
  }

  /**
   * Closes the restore window. Returns the users who still wait for their call, in order of
   * arrival.
   */
  end(): readonly Restore[] {
    const left = this.allWaiting;
    this.#window = { state: 'over' };
    this.#waiting.clear();
    this.#settled.clear();
    return left;
  }
}

function dropOldest(matches: Set<MatchId>): void {
  for (const oldest of matches) {
    matches.delete(oldest);
    return;
  }
}

import type { Clock } from '@farandole/kernel/clock';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
import type { Outgoing } from '../signal/frame-stream.ts';
import type { Scheduler } from '../signal/ports.ts';
import { type CallState, isInCall } from './call-state.ts';

/** How long after the bell the page still waits for the end of the call. */
const BELL_GRACE_MS = 2_000;

/** The bell that may end the current call. */
export interface BellView {
  readonly match: string;
  readonly epoch: number;
  /** By the page's monotonic clock. */
  readonly atMs: number;
  /** Whether this user wants to continue the call. */
  readonly more: boolean;
}

export interface RoundsPorts {
  readonly state: ReadonlySignal<CallState>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly scheduler: Scheduler;
  readonly send: (message: Outgoing) => boolean;
  /** Starts the search for the next partner after the bell ended a call. */
  readonly next: () => void;
}

/** The rounds of an hour, as far as the current call is concerned. */
export class Rounds {
  readonly #ports: RoundsPorts;
  readonly #bell = signal<BellView | null>(null);

  constructor(ports: RoundsPorts) {
    this.#ports = ports;
    effect(() => {
      const state = ports.state.value;
      untracked(() => this.#followCall(state));
    });
  }

  /** The bell that rings soon. Null if none does. */
  get bell(): ReadonlySignal<BellView | null> {
    return this.#bell;
  }

  receive({ match, epoch, inMs }: ServerMessageOf<'round.ending'>): void {
    const { state, clock, scheduler } = this.#ports;
    const now = state.peek();
    if (!isInCall(now) || now.call.match !== match) return;
    const bell: BellView = { match, epoch, atMs: clock.monotonicMs() + inMs, more: false };
    this.#bell.value = bell;
    // If both users continue, nothing else tells the page that the bell has rung.
    scheduler.after(inMs + BELL_GRACE_MS, () => {
      if (this.#bell.peek()?.atMs === bell.atMs) this.#bell.value = null;
    });
  }

  /** Called once the bell is on the screen. The node ends the call only after that. */
  shown(): void {
    const bell = this.#bell.peek();
    if (bell !== null) this.#answer(bell);
  }

  setMore(more: boolean): void {
    const bell = this.#bell.peek();
    if (bell === null || bell.more === more) return;
    const changed = { ...bell, more };
    this.#bell.value = changed;
    this.#answer(changed);
  }

  #answer({ match, epoch, more }: BellView): void {
    this.#ports.send({ type: 'round.answer', match, epoch, more });
  }

  #followCall(state: CallState): void {
    const bell = this.#bell.peek();
    if (bell === null || (isInCall(state) && state.call.match === bell.match)) return;
    this.#bell.value = null;
    const isOver = state.state === 'ended' && state.reason === 'bell';
    // While the user writes a report, the page stays with the ended call.
    if (isOver && !state.call.aside) this.#ports.next();
  }
}

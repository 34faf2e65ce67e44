import type { Clock } from '@farandole/kernel/clock';
import { effect, type ReadonlySignal, signal } from '@preact/signals';
import type { Scheduler } from '../signal/ports.ts';
import type { CallState } from './call-state.ts';
import { FAST_TICK_MS, TICK_MS } from './limits.ts';

/**
 * The current time for the screens. It is updated at each change of the call state and, while a
 * screen shows a time, at intervals.
 */
export class Ticker {
  readonly nowMs: ReadonlySignal<number>;
  readonly #clock: Clock;
  readonly #scheduler: Scheduler;
  readonly #now;
  #cancel: (() => void) | null = null;

  constructor(clock: Clock, scheduler: Scheduler, state: ReadonlySignal<CallState>) {
    this.#clock = clock;
    this.#scheduler = scheduler;
    this.#now = signal(clock.monotonicMs());
    this.nowMs = this.#now;
    effect(() => this.#run(everyMs(state.value)));
  }

  #run(intervalMs: number | null): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#now.value = this.#clock.monotonicMs();
    if (intervalMs === null) return;
    this.#cancel = this.#scheduler.after(intervalMs, () => this.#run(intervalMs));
  }
}

function everyMs(state: CallState): number | null {
  switch (state.state) {
    case 'held':
    case 'confirming-next':
      return FAST_TICK_MS;
    case 'searching':
    case 'connecting':
    case 'live':
      return TICK_MS;
    case 'idle':
    case 'ended':
      return null;
    default:
      return state satisfies never;
  }
}

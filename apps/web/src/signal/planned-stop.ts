import { type ReadonlySignal, signal } from '@preact/signals';
import type { Scheduler } from './ports.ts';

/**
 * A stop of the node's that it has announced. Its calls end then, also for a page that does not hear it
 * say so: otherwise one that was reconnecting at that moment would ask the next process for a call
 * that nobody comes back to.
 */
export class PlannedStop {
  readonly #scheduler: Scheduler;
  readonly #over: () => void;
  readonly #moving = signal(false);
  #cancel: (() => void) | null = null;

  /** @param over the node's time is up */
  constructor(scheduler: Scheduler, over: () => void) {
    this.#scheduler = scheduler;
    this.#over = over;
  }

  /** Whether a stop is announced. */
  get moving(): ReadonlySignal<boolean> {
    return this.#moving;
  }

  /** The node has said when; it says so anew at each resume. */
  announce(deadlineMs: number): void {
    this.#moving.value = true;
    this.#cancel?.();
    this.#cancel = this.#scheduler.after(deadlineMs, this.#over);
  }

  /** A session stands at a node that has announced nothing. */
  forget(): void {
    this.#moving.value = false;
    this.#cancel?.();
    this.#cancel = null;
  }
}

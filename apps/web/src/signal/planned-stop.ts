import { type ReadonlySignal, signal } from '@preact/signals';
import type { Scheduler } from './ports.ts';

/**
 * The stop that the server announced. At its deadline the calls end on this page, even if no
 * further message arrives. Otherwise a reconnecting page would ask the next process for a call that
 * the peer never resumes.
 */
export class PlannedStop {
  readonly #scheduler: Scheduler;
  readonly #over: () => void;
  readonly #moving = signal(false);
  #cancel: (() => void) | null = null;

  /** @param over called at the deadline */
  constructor(scheduler: Scheduler, over: () => void) {
    this.#scheduler = scheduler;
    this.#over = over;
  }

  get moving(): ReadonlySignal<boolean> {
    return this.#moving;
  }

  /** Records the announcement. The server repeats it at each resume. */
  announce(deadlineMs: number): void {
    this.#moving.value = true;
    this.#cancel?.();
    this.#cancel = this.#scheduler.after(deadlineMs, this.#over);
  }

  /** Called when a session opens on a server that has announced no stop. */
  forget(): void {
    this.#moving.value = false;
    this.#cancel?.();
    this.#cancel = null;
  }
}

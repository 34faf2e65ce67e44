import { type ReadonlySignal, signal } from '@preact/signals';
import type { Scheduler } from './ports.ts';

/**
 * An announced stop of the server. Calls end then even if the page misses the message; otherwise a
 * reconnecting page would ask the next process for a call that the peer never resumes.
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

  /** Repeated at each resume. */
  announce(deadlineMs: number): void {
    this.#moving.value = true;
    this.#cancel?.();
    this.#cancel = this.#scheduler.after(deadlineMs, this.#over);
  }

  /** Called when a session opens on a server that announced no stop. */
  forget(): void {
    this.#moving.value = false;
    this.#cancel?.();
    this.#cancel = null;
  }
}

import { type ReadonlySignal, signal } from '@preact/signals';
import type { Scheduler } from './ports.ts';

/**
 * The stop that the server announced. At the announced deadline the calls end on this page, even
 * if no further message arrives. Otherwise a reconnecting page would ask the next server process
 * for a call that the peer never resumes.
 */
export class PlannedStop {
  readonly #scheduler: Scheduler;
  readonly #over: () => void;
  readonly #moving = signal(false);
  #cancel: (() => void) | null = null;

  /** @param over called at the deadline of the announced stop */
  constructor(scheduler: Scheduler, over: () => void) {
    this.#scheduler = scheduler;
    this.#over = over;
  }

  get moving(): ReadonlySignal<boolean> {
    return this.#moving;
  }

  /**
   * Records the announcement of the server's stop. The server repeats the announcement at each
   * resume.
   */
  announce(deadlineMs: number): void {
    this.#moving.value = true;
    this.#cancel?.();
    this.#cancel = this.#scheduler.after(deadlineMs, this.#over);
  }

  /** Must be called when a session opens on a server that has announced no stop. */
  forget(): void {
    this.#moving.value = false;
    this.#cancel?.();
    this.#cancel = null;
  }
}

import type { Clock } from '@farandole/kernel/clock';
import { ACK_AFTER_MS, ACK_ALONG_AFTER_MS } from '@farandole/protocol/limits';
import type { Scheduler } from './ports.ts';

/** Decides when the page acknowledges the server's frames. */
export class AckTimer {
  readonly #clock: Clock;
  readonly #scheduler: Scheduler;
  readonly #acknowledge: () => void;
  #owedSinceMs = 0;
  #cancel: (() => void) | null = null;

  /** @param acknowledge sends the acknowledgement, and calls `stop` */
  constructor(clock: Clock, scheduler: Scheduler, acknowledge: () => void) {
    this.#clock = clock;
    this.#scheduler = scheduler;
    this.#acknowledge = acknowledge;
  }

  /** Acknowledges `ACK_AFTER_MS` after the first frame since the last acknowledgement. */
  start(): void {
    if (this.#cancel !== null) return;
    this.#owedSinceMs = this.#clock.monotonicMs();
    this.#cancel = this.#scheduler.after(ACK_AFTER_MS, this.#acknowledge);
  }

  /**
   * Acknowledges before a message is sent, because one packet can carry both. Does nothing if no
   * frame has waited for `ACK_ALONG_AFTER_MS`, which limits the number of acknowledgements.
   */
  along(): void {
    if (this.#cancel === null) return;
    if (this.#clock.monotonicMs() - this.#owedSinceMs >= ACK_ALONG_AFTER_MS) this.#acknowledge();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }
}

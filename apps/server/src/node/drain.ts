import type { Clock, Instant } from '@farandole/kernel/clock';
import { DRAIN_DEADLINE_MS } from '@farandole/protocol/limits';
import type { Log } from '../observe/log.ts';

export interface DrainParts {
  readonly gateway: { readonly drained: boolean };
  /** `drain()` makes the gateway refuse new searches. */
  readonly loop: { drain(): void };
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly log: Log;
}

/** Delays the node's stop until all calls have ended, for at most `DRAIN_DEADLINE_MS`. */
export class Drain {
  readonly #parts: DrainParts;
  readonly #done = Promise.withResolvers<void>();
  #deadlineMonotonicMs: number | null = null;

  constructor(parts: DrainParts) {
    this.#parts = parts;
  }

  get hasBegun(): boolean {
    return this.#deadlineMonotonicMs !== null;
  }

  /**
   * Starts the drain. Resolves when all calls between users have ended or the deadline has passed.
   * Has no further effect when called again.
   */
  begin(): Promise<void> {
    const { gateway, loop, clock, log } = this.#parts;
    if (this.#deadlineMonotonicMs === null) {
      this.#deadlineMonotonicMs = clock.monotonicMs() + DRAIN_DEADLINE_MS;
      log({ event: 'draining', deadlineMs: DRAIN_DEADLINE_MS });
      loop.drain();
      if (gateway.drained) this.#done.resolve();
    }
    return this.#done.promise;
  }

  tick({ monotonicMs }: Pick<Instant, 'monotonicMs'>): void {
    if (this.#deadlineMonotonicMs === null) return;
    if (this.#parts.gateway.drained || monotonicMs >= this.#deadlineMonotonicMs) this.end();
  }

  /** Resolves the promise of `begin`. Called when the node closes. */
  end(): void {
    this.#done.resolve();
  }
}

import type { Instant } from '@farandole/kernel/clock';
import type { ModeId } from '@farandole/matchmaking/mode';

export interface NodePool {
  /** Ends expired proposals and leases, then runs one wave of pairing. */
  tick(now: Instant): void;
  runWave(now: Instant): void;
  /**
   * Delivers messages to and from the pool.
   * @returns the number of delivered messages
   * @throws AssertionError when called re-entrantly
   */
  drain(now: Instant): number;
  /** Number of waiting tickets by mode, or null if another node writes the pool. */
  waitingByMode(): ReadonlyMap<ModeId, number> | null;
}

export interface NodeTurnsParts {
  readonly gateway: { tick(now: Instant): void };
  readonly pool: Pick<NodePool, 'tick' | 'runWave' | 'drain'>;
}

export interface NodeTurnsPorts {
  now(): Instant;
  /** Runs the callback in a later turn of the event loop, after events that are already pending. */
  soon(run: () => void): void;
}

/**
 * Runs the gateway and the pool of one node, one at a time, each with the current time. Drains
 * the pool's messages after each turn. If the drain delivered messages, one wave of pairing for
 * all of them runs in the next turn. This class has no timer. Its owner calls `tick` every
 * `TICK_EVERY_MS` and passes all other work to `turn`.
 */
export class NodeTurns {
  readonly #parts: NodeTurnsParts;
  readonly #ports: NodeTurnsPorts;
  #isRunning = false;
  #isWaveSoon = false;

  constructor(parts: NodeTurnsParts, ports: NodeTurnsPorts) {
    this.#parts = parts;
    this.#ports = ports;
  }

  /**
   * Runs the first tick, which requests the lease and opens the pool. The owner calls it before
   * accepting connections.
   */
  start(): Instant {
    const now = this.tick();
    this.#isRunning = true;
    return now;
  }

  /** Stops the waves of pairing. Work that is passed to `turn` still runs. */
  stop(): void {
    this.#isRunning = false;
  }

  turn(work: (now: Instant) => void): void {
    const now = this.#ports.now();
    work(now);
    const delivered = this.#parts.pool.drain(now);
    if (delivered === 0 || !this.#isRunning || this.#isWaveSoon) return;
    this.#isWaveSoon = true;
    this.#ports.soon(() => this.#wave());
  }

  tick(): Instant {
    const { gateway, pool } = this.#parts;
    const now = this.#ports.now();
    gateway.tick(now);
    pool.tick(now);
    pool.drain(now);
    return now;
  }

  #wave(): void {
    this.#isWaveSoon = false;
    if (!this.#isRunning) return;
    const now = this.#ports.now();
    this.#parts.pool.runWave(now);
    this.#parts.pool.drain(now);
  }
}

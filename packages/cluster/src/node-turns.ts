import type { Instant } from '@farandole/kernel/clock';
import type { ModeId } from '@farandole/matchmaking/mode';

export interface NodePool {
  /** Processes deadlines and runs a wave. */
  tick(now: Instant): void;
  runWave(now: Instant): void;
  /**
   * Delivers messages to and from the pool.
   * @returns the number of delivered messages
   * @throws AssertionError when called re-entrantly
   */
  drain(now: Instant): number;
  /** Waiting tickets by mode; null if this node doesn't write the pool. */
  waitingByMode(): ReadonlyMap<ModeId, number> | null;
}

export interface NodeTurnsParts {
  readonly gateway: { tick(now: Instant): void };
  readonly pool: Pick<NodePool, 'tick' | 'runWave' | 'drain'>;
}

export interface NodeTurnsPorts {
  now(): Instant;
  /** Runs the callback in a later turn of the event loop, after pending events. */
  soon(run: () => void): void;
}

/**
 * Runs the parts of one node one at a time, each with the current instant. Drains the pool after
 * each turn; if that delivered messages, the next turn runs one wave for all of them.
 * Has no timer: the owner calls `tick` each `TICK_EVERY_MS` and passes other work to `turn`.
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

  /** First tick, before the first connection: takes the lease and opens the pool. */
  start(): Instant {
    const now = this.tick();
    this.#isRunning = true;
    return now;
  }

  /** Stops waves; later turns still run. */
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

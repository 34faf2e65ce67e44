import type { Instant } from '@farandole/kernel/clock';
import type { ModeId } from '@farandole/matchmaking/mode';

/** The pool of a node, as its turns drive it. */
export interface NodePool {
  /** Does what is due, and runs a wave. */
  tick(now: Instant): void;
  /** Brings people together now. */
  runWave(now: Instant): void;
  /**
   * Delivers what was said to the pool, and what the pool says.
   *
   * @returns how many messages were delivered
   * @throws AssertionError when it is called from inside itself
   */
  drain(now: Instant): number;
  /** How many tickets wait in each mode; null on a node that does not write the pool. */
  waitingByMode(): ReadonlyMap<ModeId, number> | null;
}

export interface NodeTurnsParts {
  readonly gateway: { tick(now: Instant): void };
  readonly pool: Pick<NodePool, 'tick' | 'runWave' | 'drain'>;
}

/** What the turns ask of the loop that they are given in. */
export interface NodeTurnsPorts {
  now(): Instant;
  /** Runs something in a turn of its own, once all that is there already has had its turn. */
  soon(run: () => void): void;
}

/**
 * Gives the parts of one node their turns, one at a time, each with the moment that it is in.
 * After each turn the pool is drained; what was delivered by that starts a wave in the next turn,
 * one wave for all that came until then.
 *
 * It has no timer: the owner calls `tick` each `TICK_EVERY_MS`, and hands over whatever comes in
 * between by `turn`.
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

  /** The first tick, before the first connection: then the lease is taken and the pool open. */
  start(): Instant {
    const now = this.tick();
    this.#isRunning = true;
    return now;
  }

  /** No more waves; what still comes has its turn. */
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

  /** Does what is due; the moment that it was done at. */
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

import type { Instant } from '@farandole/kernel/clock';
import type { BrokerMatchmaker } from './broker-matchmaker.ts';
import type { LocalBroker } from './local-broker.ts';
import type { PoolHost } from './pool-host.ts';

export interface NodeTurnsParts {
  readonly gateway: { tick(now: Instant): void };
  readonly matchmaker: Pick<BrokerMatchmaker, 'tick'>;
  readonly host: Pick<PoolHost, 'tick' | 'runWaves'>;
  readonly broker: Pick<LocalBroker, 'drain'>;
}

/** What the turns ask of the loop that they are given in. */
export interface NodeTurnsPorts {
  now(): Instant;
  /** Runs something in a turn of its own, once all that is there already has had its turn. */
  soon(run: () => void): void;
}

/**
 * Gives the parts of one node their turns, one at a time, each with the moment that it is in.
 * After each turn the broker is drained; what reached the pool by it starts a wave in the next
 * turn, one wave for all that came meanwhile.
 *
 * It has no timer: the owner calls `tick` each `TICK_EVERY_MS`, and hands over whatever comes in
 * between by `turn`.
 */
export class NodeTurns {
  readonly #parts: NodeTurnsParts;
  readonly #ports: NodeTurnsPorts;
  #isRunning = false;
  #isWaveSoon = false;

  /** @param parts read anew at each turn: one may be replaced by another between two */
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
    const delivered = this.#parts.broker.drain(now);
    if (delivered === 0 || !this.#isRunning || this.#isWaveSoon) return;
    this.#isWaveSoon = true;
    this.#ports.soon(() => this.#wave());
  }

  /** Does what is due; the moment that it was done at. */
  tick(): Instant {
    const { gateway, matchmaker, host, broker } = this.#parts;
    const now = this.#ports.now();
    gateway.tick(now);
    host.tick(now);
    matchmaker.tick(now);
    broker.drain(now);
    return now;
  }

  #wave(): void {
    this.#isWaveSoon = false;
    if (!this.#isRunning) return;
    const now = this.#ports.now();
    this.#parts.host.runWaves(now);
    this.#parts.broker.drain(now);
  }
}

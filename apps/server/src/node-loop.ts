import type { BrokerMatchmaker } from '@farandole/cluster/broker-matchmaker';
import type { LocalBroker } from '@farandole/cluster/local-broker';
import type { PoolHost } from '@farandole/cluster/pool-host';
import type { Gateway } from '@farandole/gateway/gateway';
import type { ConnectionFacts } from '@farandole/gateway/ports';
import type { Clock, Instant } from '@farandole/kernel/clock';
import type { ConnectionId } from '@farandole/kernel/id';
import { TICK_EVERY_MS } from './limits.ts';
import type { SocketHandler } from './listener/ws-listener.ts';

export interface NodeLoopParts {
  readonly gateway: Gateway;
  readonly matchmaker: BrokerMatchmaker;
  readonly host: PoolHost;
  readonly broker: LocalBroker;
  readonly clock: Clock;
  /** What else is looked at in each tick. */
  readonly onTick: (now: Instant) => void;
}

/**
 * Gives the pure rooms their turns, one at a time, each with the moment that it is in, and owns
 * the node's only timer. After each turn the broker is drained; what reached the pool by it starts
 * a wave in the next turn of the event loop, one wave for all that came meanwhile.
 */
export class NodeLoop implements SocketHandler {
  readonly #parts: NodeLoopParts;
  #timer: NodeJS.Timeout | null = null;
  #waveSoon: NodeJS.Immediate | null = null;

  constructor(parts: NodeLoopParts) {
    this.#parts = parts;
  }

  start(): void {
    // The lease is taken and the pool opened before the first connection asks for them.
    this.#tick();
    this.#timer = setInterval(() => this.#tick(), TICK_EVERY_MS);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    if (this.#waveSoon !== null) clearImmediate(this.#waveSoon);
    this.#timer = null;
    this.#waveSoon = null;
  }

  connectionOpened(connection: ConnectionId, facts: ConnectionFacts): void {
    this.#turn((now) => this.#parts.gateway.connectionOpened(connection, facts, now));
  }

  receive(connection: ConnectionId, text: string, byteLength: number): void {
    this.#turn((now) => this.#parts.gateway.receive(connection, text, byteLength, now));
  }

  connectionClosed(connection: ConnectionId, code: number): void {
    this.#turn((now) => this.#parts.gateway.connectionClosed(connection, code, now));
  }

  journalSettled(entries: readonly number[], stored: boolean): void {
    this.#turn((now) => {
      for (const entry of entries) this.#parts.gateway.journalSettled(entry, stored, now);
    });
  }

  standingsChanged(): void {
    this.#turn((now) => this.#parts.gateway.standingsChanged(now));
  }

  drain(): void {
    this.#turn((now) => this.#parts.gateway.drain(now));
  }

  #turn(work: (now: Instant) => void): void {
    const now = this.#now();
    work(now);
    const delivered = this.#parts.broker.drain(now);
    if (delivered > 0 && this.#timer !== null) {
      this.#waveSoon ??= setImmediate(() => this.#wave());
    }
  }

  #wave(): void {
    this.#waveSoon = null;
    const now = this.#now();
    this.#parts.host.runWaves(now);
    this.#parts.broker.drain(now);
  }

  #tick(): void {
    const { gateway, matchmaker, host, broker, onTick } = this.#parts;
    const now = this.#now();
    gateway.tick(now);
    host.tick(now);
    matchmaker.tick(now);
    broker.drain(now);
    onTick(now);
  }

  #now(): Instant {
    const { clock } = this.#parts;
    return { monotonicMs: clock.monotonicMs(), wallMs: clock.wallMs() };
  }
}

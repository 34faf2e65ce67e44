import type { Address, Broker, Receive } from '@farandole/cluster/broker';
import type { PoolLease } from '@farandole/cluster/lease';
import { LocalLease } from '@farandole/cluster/local-lease';
import type { ClusterMessage } from '@farandole/cluster/messages';
import type { HubNode } from '../../support/node-hub.ts';
import type { Scheduler } from '../scheduler.ts';

/** The broker of a simulated cluster for messages about the pool. It loses and delays messages. */
export class SimBroker {
  readonly #scheduler: Scheduler;
  readonly #delayMs: () => number | null;
  readonly #subscribers = new Map<Address, Set<{ readonly node: HubNode; receive: Receive }>>();
  readonly #readyAtMs = new Map<string, number>();

  constructor(scheduler: Scheduler, delayMs: () => number | null) {
    this.#scheduler = scheduler;
    this.#delayMs = delayMs;
  }

  /** Returns the broker as one node reaches it. */
  of(node: HubNode): Broker {
    return {
      publish: (to, message) => this.#publish(node, to, message),
      subscribe: (address, receive) => {
        const subscriber = { node, receive };
        const all = this.#subscribers.get(address) ?? new Set();
        this.#subscribers.set(address, all.add(subscriber));
        return () => void all.delete(subscriber);
      },
      // Messages arrive in turns of their own.
      drain: () => 0,
    };
  }

  #publish(from: HubNode, to: Address, message: ClusterMessage): void {
    const text = JSON.stringify(message);
    for (const subscriber of this.#subscribers.get(to) ?? []) {
      const { node } = subscriber;
      const isSame = node === from;
      const delayMs = isSame ? 0 : this.#delayMs();
      if (delayMs === null || from.isCut || node.isCut) continue;
      const { fences } = node;
      const lane = `${from.name} ${to} ${node.name}`;
      const readyAtMs = Math.max(this.#readyAtMs.get(lane) ?? 0, this.#scheduler.nowMs + delayMs);
      this.#readyAtMs.set(lane, readyAtMs);
      this.#scheduler.at(readyAtMs, () => {
        const deliver = (): void => {
          // A fenced node drops what arrived before.
          if (!node.isUp || node.fences !== fences) return;
          node.run((now) => subscriber.receive(JSON.parse(text) as ClusterMessage, now));
        };
        if (node.paused === null) deliver();
        else node.paused.push(deliver);
      });
    }
  }
}

/** The lease store of a simulated cluster, which may lose its data. */
export class SimLease {
  #store = new LocalLease();

  /** Loses all data, as an engine that restarts empty. */
  empty(): void {
    this.#store = new LocalLease();
  }

  of(node: HubNode): PoolLease {
    return {
      acquire: (request, now, answer) => {
        if (!node.isCut) this.#store.acquire(request, now, answer);
      },
      renew: (pool, name, epoch, now, answer) => {
        if (!node.isCut) this.#store.renew(pool, name, epoch, now, answer);
      },
      release: (pool, name, epoch) => {
        if (!node.isCut) this.#store.release(pool, name, epoch);
      },
    };
  }
}

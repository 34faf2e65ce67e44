import { assert } from '@farandole/kernel/assert';
import type { Instant } from '@farandole/kernel/clock';
import type { Address, Broker, Receive } from './broker.ts';
import { BROKER_MESSAGES_MAX } from './limits.ts';
import type { ClusterMessage } from './messages.ts';

/**
 * A broker within one process. It has one queue, so all messages arrive in the order of
 * publication. `drain` also delivers the messages that subscribers publish while it runs.
 */
export class LocalBroker implements Broker {
  readonly #subscribers = new Map<Address, readonly Receive[]>();
  #queue: { readonly to: Address; readonly message: ClusterMessage }[] = [];
  #delivering = false;
  #dropped = 0;

  get dropped(): number {
    return this.#dropped;
  }

  publish(to: Address, message: ClusterMessage): void {
    if (this.#queue.length >= BROKER_MESSAGES_MAX) {
      this.#dropped += 1;
      return;
    }
    this.#queue.push({ to, message });
  }

  subscribe(address: Address, receive: Receive): () => void {
    // Each subscription gets its own function, so that unsubscribing one of two identical
    // subscribers keeps the other.
    const subscription: Receive = (message, now) => receive(message, now);
    this.#subscribers.set(address, [...(this.#subscribers.get(address) ?? []), subscription]);
    return () => {
      const left = (this.#subscribers.get(address) ?? []).filter((each) => each !== subscription);
      if (left.length === 0) this.#subscribers.delete(address);
      else this.#subscribers.set(address, left);
    };
  }

  drain(now: Instant): number {
    assert(!this.#delivering, 'a broker was drained from inside a subscriber');
    this.#delivering = true;
    let delivered = 0;
    try {
      while (this.#queue.length > 0) {
        const batch = this.#queue;
        this.#queue = [];
        for (const { to, message } of batch) {
          for (const receive of this.#subscribers.get(to) ?? []) {
            receive(message, now);
            delivered += 1;
          }
        }
      }
    } finally {
      this.#delivering = false;
    }
    return delivered;
  }
}

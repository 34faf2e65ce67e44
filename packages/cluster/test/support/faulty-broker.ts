import type { Instant } from '@farandole/kernel/clock';
import type { Prng } from '@farandole/kernel/prng';
import type { Address, Broker, Receive } from '../../src/broker.ts';
import { LocalBroker } from '../../src/local-broker.ts';
import type { ClusterMessage } from '../../src/messages.ts';

export interface Faults {
  readonly drop: number;
  readonly duplicate: number;
  /** Probability that a message is delivered only after a later one. */
  readonly delay: number;
}

export const NO_FAULTS: Faults = { drop: 0, duplicate: 0, delay: 0 };

/**
 * Loses, repeats and reorders messages. Serializes each message as JSON, as a broker between
 * processes does.
 */
export class FaultyBroker implements Broker {
  faults: Faults = NO_FAULTS;
  /** Chooses the messages that the faults affect. By default they affect all. */
  touches: (message: ClusterMessage, to: Address) => boolean = () => true;
  readonly counts = { dropped: 0, duplicated: 0, delayed: 0 };
  readonly #inner = new LocalBroker();
  readonly #prng: Prng;
  #held: { readonly to: Address; readonly message: ClusterMessage }[] = [];

  constructor(prng: Prng) {
    this.#prng = prng;
  }

  publish(to: Address, message: ClusterMessage): void {
    const copy = JSON.parse(JSON.stringify(message)) as ClusterMessage;
    if (!this.touches(copy, to)) {
      this.#inner.publish(to, copy);
      return;
    }
    if (this.#prng.chance(this.faults.drop)) {
      this.counts.dropped += 1;
      return;
    }
    if (this.#prng.chance(this.faults.delay)) {
      this.counts.delayed += 1;
      this.#held.push({ to, message: copy });
      return;
    }
    this.#inner.publish(to, copy);
    if (this.#prng.chance(this.faults.duplicate)) {
      this.counts.duplicated += 1;
      this.#held.push({ to, message: copy });
    }
  }

  subscribe(address: Address, receive: Receive): () => void {
    return this.#inner.subscribe(address, receive);
  }

  drain(now: Instant): number {
    let delivered = this.#inner.drain(now);
    const held = this.#held;
    this.#held = [];
    for (const { to, message } of held) this.#inner.publish(to, message);
    if (held.length > 0) delivered += this.#inner.drain(now);
    return delivered;
  }
}

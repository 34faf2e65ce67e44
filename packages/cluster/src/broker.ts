import type { Instant } from '@farandole/kernel/clock';
import type { NodeId } from '@farandole/kernel/id';
import type { ClusterMessage } from './messages.ts';

/**
 * Recipient of a message: one node, the writer of one pool, or all nodes. It is a string because
 * it names a channel of the broker.
 */
export type Address = `node:${string}` | `pool:${string}` | 'nodes';

export const EVERY_NODE: Address = 'nodes';

export function nodeAddress(node: NodeId): Address {
  return `node:${node}`;
}

export function poolAddress(pool: string): Address {
  return `pool:${pool}`;
}

/** Handles one received message. The broker calls it inside `drain`, never inside `publish`. */
export type Receive = (message: ClusterMessage, now: Instant) => void;

/**
 * Carries messages between and within nodes.
 * **Guaranteed:** messages from one sender to one address arrive at each subscriber *in the order
 * of publication* and *at most once*. There is no order between senders or between addresses.
 * **Not guaranteed:** a message can be *lost* with its sender's node, with a connection, without a
 * subscriber, or above `BROKER_MESSAGES_MAX` queued messages. The sender isn't notified; see
 * `lane.ts` for loss detection.
 * **Never re-entrant:** `publish` only queues. Subscribers run inside `drain`, one at a time, and
 * may publish.
 * Messages are plain data that survive JSON. A subscriber must not change or keep a message,
 * because an adapter may pass one object to several subscribers.
 */
export interface Broker {
  publish(to: Address, message: ClusterMessage): void;

  /** Subscribes to an address. Returns a function that unsubscribes. */
  subscribe(address: Address, receive: Receive): () => void;

  /**
   * Delivers the received messages. The published ones are sent in one batch per address, now or
   * later in the same event-loop turn. The owner calls it after each piece of work.
   * @returns the number of delivered messages, maybe without those about sessions, after which
   * the pool has nothing to do
   * @throws AssertionError when called re-entrantly
   */
  drain(now: Instant): number;
}

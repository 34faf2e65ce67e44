import type { Instant } from '@farandole/kernel/clock';
import type { NodeId } from '@farandole/kernel/id';
import type { ClusterMessage } from './messages.ts';

/**
 * Where a message goes: to one node, to whoever writes a pool, or to every node. As text, since
 * it names a channel.
 */
export type Address = `node:${string}` | `pool:${string}` | 'nodes';

export const EVERY_NODE: Address = 'nodes';

export function nodeAddress(node: NodeId): Address {
  return `node:${node}`;
}

export function poolAddress(pool: string): Address {
  return `pool:${pool}`;
}

/** Called once for each message, from inside `drain` and never from inside `publish`. */
export type Receive = (message: ClusterMessage, now: Instant) => void;

/**
 * Carries messages between the nodes of a cluster, and between the parts of one.
 *
 * **What is promised.** Messages that one sender publishes to one address arrive at each
 * subscriber *in the order of publication* and *at most once*. Nothing is promised between two
 * senders, or between two addresses.
 *
 * **What is not.** A message may be *lost*: with the node that sent it, with the connection that
 * carried it, because nobody was subscribed at the time, or because more than
 * `BROKER_MESSAGES_MAX` waited. Nothing tells the sender. Whoever can't bear a loss counts what it
 * sends and asks again (see `lane.ts`).
 *
 * **Never re-entrant.** `publish` only queues; a subscriber runs from inside `drain` alone, one at
 * a time, and may publish freely. So whoever handles a message finds its own state whole.
 *
 * Messages are plain data that survive a round trip through JSON. A subscriber neither changes a
 * message nor keeps it beyond what it needs: an adapter may hand the same object to several.
 */
export interface Broker {
  /** Queues a message; it leaves at the next `drain`. */
  publish(to: Address, message: ClusterMessage): void;

  /** Receives what arrives at an address from now on, until the returned function is called. */
  subscribe(address: Address, receive: Receive): () => void;

  /**
   * Hands what has arrived to the subscribers, and sends what was published, all that goes to
   * one address in one piece. The owner calls it at the end of each of its turns.
   *
   * @returns how many messages subscribers were given
   * @throws AssertionError when it is called from inside itself
   */
  drain(now: Instant): number;
}

import type { Instant } from '@farandole/kernel/clock';
import type { NodeId } from '@farandole/kernel/id';
import type { NodeMessage } from '@farandole/protocol/node-message';

/** What a node announces with each of its beats. */
export interface Member {
  readonly version: string;
  readonly online: number;
  readonly isDraining: boolean;
  /** Whether the node reads `ack` in sequenced messages of a page (PR-222). */
  readonly readsAcks: boolean;
}

/**
 * Receives what other nodes send. A node's name is new at each start, so a node that comes back
 * has another name.
 */
export interface NodeChannelListener {
  received(from: NodeId, message: NodeMessage, now: Instant): void;
  /**
   * Messages between this node and another may be lost in both directions. No message that was sent
   * before arrives later. Both nodes are notified.
   */
  laneOver(node: NodeId, now: Instant): void;
  /** No beat of the node arrived for 5 s. `laneOver` for this node came before. */
  memberGone(node: NodeId, now: Instant): void;
  memberCame(node: NodeId, now: Instant): void;
  /** This node completed no beat for 4 s. Other nodes may soon count it as dead. */
  fenced(now: Instant): void;
  unfenced(now: Instant): void;
}

/**
 * Carries messages between the nodes of a cluster. Messages from one node to another arrive in
 * order, once and without a gap, until `laneOver`. Listeners run in turns of their own, never
 * inside `send` or `broadcast`.
 */
export interface NodeChannel {
  attach(listener: NodeChannelListener): void;
  send(to: NodeId, message: NodeMessage): void;
  /** Sends a message to all other nodes. Each may miss it. */
  broadcast(message: NodeMessage): void;
  /** The live nodes of the last completed beat, with this one. */
  members(): ReadonlyMap<NodeId, Member>;
  /** Whether this node has completed no beat for 4 s, or none at all. */
  isFenced(now: Instant): boolean;
}

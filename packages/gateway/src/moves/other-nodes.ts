import type { Instant } from '@farandole/kernel/clock';
import type { ConnectionId, MatchId, NodeId, SubjectId } from '@farandole/kernel/id';
import type { GatewayContext } from '../context.ts';

/** The other nodes of a cluster, as the gateway of one node sees them. */
export interface OtherNodes {
  /** Whether this node knows another live node, or can't know whether there is one. */
  areThere(now: Instant): boolean;
  /** Number of users with a socket whose sessions are on other nodes. */
  onlineElsewhere(): number;
  /** Whether another node may have a newer copy of the session that this node has of the user. */
  mayBeElsewhere(subject: SubjectId): boolean;
  /**
   * Asks whether another node has a session of the user. `SessionMoves.asked` is called with the
   * answer, or the socket goes to the other node.
   */
  ask(connection: ConnectionId, subject: SubjectId, now: Instant): void;
  /**
   * Gives the session of a matched search to the node that opens the match's call. Returns false if
   * that isn't possible now; the session stays then.
   */
  give(connection: ConnectionId, to: NodeId, match: MatchId, now: Instant): boolean;
}

/** Whether users of this node can continue on another one. */
export function hasOtherNodes({ ports, now }: Pick<GatewayContext, 'ports' | 'now'>): boolean {
  return ports.nodes?.areThere(now) === true;
}

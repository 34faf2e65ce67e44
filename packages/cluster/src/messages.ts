import type { MatchId, NodeId, TicketId } from '@farandole/kernel/id';
import type { Ticket } from '@farandole/matchmaking/ticket';
import type { TicketEvent } from './confirmed-pool.ts';

/**
 * Everything that nodes say to each other: one closed union, told apart by `type`, plain data.
 *
 * A gateway and the writer of a pool talk in a *lane*: see `lane.ts`.
 */

/** A message's place in the talk between one gateway and one writer. */
export interface LanePlace {
  /** The writer's fencing token. */
  readonly epoch: number;
  /** Which lane of this gateway within the epoch, from 1; a later one replaces the earlier. */
  readonly lane: number;
  /** Which message of the lane in this direction, from 1, without a gap. */
  readonly seq: number;
}

/** From a gateway to the writer of a pool, within a lane. */
export type ToWriterBody =
  /** The first message of a lane. Whatever the pool held of this node is forgotten. */
  | { readonly type: 'lane.open' }
  | { readonly type: 'lane.beat' }
  | { readonly type: 'ticket.submit'; readonly ticket: Ticket; readonly waitedMs: number }
  | { readonly type: 'ticket.withdraw'; readonly ticketId: TicketId }
  | { readonly type: 'ticket.widen'; readonly ticketId: TicketId }
  | { readonly type: 'proposal.confirm'; readonly proposalId: MatchId; readonly ticketId: TicketId }
  | { readonly type: 'proposal.reject'; readonly proposalId: MatchId; readonly ticketId: TicketId };

/** From the writer of a pool to a gateway, within a lane. */
export type ToGatewayBody = { readonly type: 'lane.beat' } | TicketEvent;

export type ClusterMessage =
  /** A gateway without a writer asks who it is; the writer answers by `pool.epoch`. */
  | { readonly type: 'pool.who'; readonly from: NodeId; readonly pool: string }
  /** The writer of a pool says that it is: to all at first, to one who asks or is behind later. */
  | { readonly type: 'pool.epoch'; readonly pool: string; readonly epoch: number }
  /** The writer does not follow this lane (any more): the gateway opens a new one. */
  | {
      readonly type: 'lane.lost';
      readonly pool: string;
      readonly epoch: number;
      readonly lane: number;
    }
  | {
      readonly type: 'to-writer';
      readonly from: NodeId;
      readonly pool: string;
      readonly place: LanePlace;
      readonly body: ToWriterBody;
    }
  | {
      readonly type: 'to-gateway';
      readonly pool: string;
      readonly place: LanePlace;
      readonly body: ToGatewayBody;
    };

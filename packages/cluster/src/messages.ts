import type { MatchId, NodeId, TicketId } from '@farandole/kernel/id';
import type { Ticket } from '@farandole/matchmaking/ticket';
import type { TicketEvent } from './confirmed-pool.ts';

/** All messages between nodes, as plain data. Gateway and writer use a lane: see `lane.ts`. */

export interface SequenceNumber {
  /** The writer's fencing token. */
  readonly epoch: number;
  /** Number of this gateway's lane in the epoch, from 1; a later one replaces the earlier. */
  readonly lane: number;
  /** Number of the message in its direction, from 1, without gaps. */
  readonly seq: number;
}

export type ToWriterBody =
  /** First message of a lane. The pool drops all earlier tickets of this node. */
  | { readonly type: 'lane.open' }
  | { readonly type: 'lane.beat' }
  | { readonly type: 'ticket.submit'; readonly ticket: Ticket; readonly waitedMs: number }
  | { readonly type: 'ticket.withdraw'; readonly ticketId: TicketId }
  | { readonly type: 'ticket.widen'; readonly ticketId: TicketId }
  | { readonly type: 'proposal.confirm'; readonly proposalId: MatchId; readonly ticketId: TicketId }
  | { readonly type: 'proposal.reject'; readonly proposalId: MatchId; readonly ticketId: TicketId };

export type ToGatewayBody = { readonly type: 'lane.beat' } | TicketEvent;

export type ClusterMessage =
  /** A gateway asks for the writer, which answers with `pool.epoch`. */
  | { readonly type: 'pool.who'; readonly from: NodeId; readonly pool: string }
  /** The writer announces itself: to all nodes at first, then to nodes that ask or are behind. */
  | { readonly type: 'pool.epoch'; readonly pool: string; readonly epoch: number }
  /** The writer doesn't follow this lane: the gateway opens a new one. */
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
      readonly place: SequenceNumber;
      readonly body: ToWriterBody;
    }
  | {
      readonly type: 'to-gateway';
      readonly pool: string;
      readonly place: SequenceNumber;
      readonly body: ToGatewayBody;
    };

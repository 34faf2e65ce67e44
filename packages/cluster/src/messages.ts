import type { MatchId, NodeId, TicketId } from '@farandole/kernel/id';
import type { TicketFacts } from '@farandole/matchmaking/apart/ticket-facts';
import type { Ticket } from '@farandole/matchmaking/ticket';
import type { TicketEvent } from './confirmed-pool.ts';
import type { Epoch } from './epoch.ts';

/**
 * The messages between cluster nodes, as plain data. Gateways and pool writers exchange them in
 * lanes, see `lane.ts`.
 */

export interface SequenceNumber {
  /** Fencing token of the pool's writer. */
  readonly epoch: Epoch;
  /**
   * Number of this gateway's lane within the epoch, from 1. A lane with a higher number replaces
   * earlier ones.
   */
  readonly lane: number;
  /** Number of the message in its direction of the lane, from 1, without gaps. */
  readonly seq: number;
}

export type ToWriterBody =
  /**
   * First message of a lane. The pool's writer drops the tickets that this node submitted
   * earlier.
   */
  | { readonly type: 'lane.open' }
  | { readonly type: 'lane.beat' }
  | {
      readonly type: 'ticket.submit';
      readonly ticket: Ticket;
      readonly waitedMs: number;
      readonly facts?: TicketFacts;
    }
  | { readonly type: 'ticket.withdraw'; readonly ticketId: TicketId }
  | { readonly type: 'ticket.widen'; readonly ticketId: TicketId }
  | { readonly type: 'meeting.end'; readonly key: string }
  | { readonly type: 'proposal.confirm'; readonly proposalId: MatchId; readonly ticketId: TicketId }
  | {
      readonly type: 'proposal.reject';
      readonly proposalId: MatchId;
      readonly ticketId: TicketId;
      /** Whether the owner knows that two users of the proposal must not meet. */
      readonly areApart?: true;
    };

export type ToGatewayBody = { readonly type: 'lane.beat' } | TicketEvent;

export type ClusterMessage =
  /** A message about sessions, which `parseNodeMessage` of the protocol checks. */
  | { readonly type: 'gateway'; readonly from: NodeId; readonly body: unknown }
  /** The node gave units of a shared budget to an address, or took them back. */
  | {
      readonly type: 'budget.changed';
      readonly from: NodeId;
      readonly budget: string;
      readonly address: string;
      readonly cost: number;
    }
  /**
   * A decision, the house rules, a community or the declaration of a minor was stored, so the other
   * nodes read them at once. A node that misses this message reads them at its next poll.
   */
  | { readonly type: 'store.changed'; readonly from: NodeId }
  /** The node stops and leaves the members. */
  | { readonly type: 'node.left'; readonly from: NodeId }
  /** A gateway asks which node writes the pool. The writer answers with `pool.epoch`. */
  | { readonly type: 'pool.who'; readonly from: NodeId; readonly pool: string }
  /**
   * The pool's writer announces itself to all nodes when it begins, and later to each node that
   * asks or uses an old epoch.
   */
  | { readonly type: 'pool.epoch'; readonly pool: string; readonly epoch: Epoch }
  /** The pool's writer has returned the lease, so the other hosts request it at once. */
  | { readonly type: 'pool.free'; readonly pool: string }
  /** The writer has missed a message of this lane, so the gateway must open a new lane. */
  | {
      readonly type: 'lane.lost';
      readonly pool: string;
      readonly epoch: Epoch;
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

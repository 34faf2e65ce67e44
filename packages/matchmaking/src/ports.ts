import type { Instant } from '@farandole/kernel/clock';
import type { MatchId, TicketId } from '@farandole/kernel/id';
import type { WaitRefusal } from './eligibility.ts';
import type { Proposal } from './proposal.ts';
import type { Ticket } from './ticket.ts';

/** The fields of a ticket that identify its user. */
export type Party = Pick<Ticket, 'subject' | 'deviceKey' | 'origin' | 'proven'>;

/**
 * Answers questions about two users that their tickets don't. Called synchronously and often
 * while pairing, so an adapter must answer from memory in constant time. Both methods are
 * symmetric.
 */
export interface PairFacts {
  /**
   * Returns whether a block or report keeps the two users apart. Users are recognised by subject
   * or device key, and unproven users for a day also by network. `keepsApart` in
   * `apart/separations.ts` is the definition.
   */
  keptApart(a: Party, b: Party): boolean;
  /**
   * Returns whether the two users, recognised by subject or device key, were last in a match
   * together less than `cooldownMs` ago.
   * The implementation measures the time, because only it knows the clock of each entry. It
   * counts *elapsed* monotonic time. An entry loaded after a restart starts with the elapsed
   * wall time, clamped between zero and the cool-down. So if the wall clock jumps by thirty
   * days, no cool-down ends early and none lasts longer than one cool-down after the restart.
   */
  metWithin(a: Party, b: Party, cooldownMs: number): boolean;
}

/**
 * The matching pool as the gateway of one node sees it, whichever node runs the pool.
 * **Ownership.** A gateway owns its tickets and alone knows whether one is open. The node that
 * holds the lease is the pool's only writer. Each new holder has a larger *epoch* and an empty
 * pool. After `epochChanged` the gateway resubmits each open ticket with the time already
 * waited, including tickets that it confirmed but that have no `matched` event yet.
 * **Ticket states.** `submit` leads to the event `refused` or `proposed`. The gateway answers
 * `proposed` with `confirm` or `reject`. The event `matched` or `abandoned` follows. After
 * `confirm`, a gateway confirms no other proposal for that ticket until `matched`, `abandoned`
 * or a new epoch. After `matched` the ticket can't be used again; the user's next search creates
 * a new one.
 * **Delivery.** Calls return at once. Events arrive at the listener in order and never from
 * inside a call, so handlers may call back. Between nodes, calls and events can be lost when a
 * connection is lost; a new epoch or the proposal's deadline repairs that. The gateway must
 * ignore events whose epoch isn't the latest one from `epochChanged`.
 * A user or another node can't make a method throw. Calls about unknown tickets or proposals are
 * ignored, because an event about them may be on the way.
 */
export interface Matchmaker {
  /** Sets the listener, once and before any other call. It first gets `epochChanged`. */
  attach(listener: MatchmakerListener): void;

  /**
   * Submits a ticket. Idempotent by id. The event `refused` follows if the ticket may not wait.
   *
   * @param waitedMs time already waited by the owner's monotonic clock, for a ticket that is
   * resubmitted; defaults to zero
   */
  submit(ticket: Ticket, waitedMs?: number): void;

  /** Withdraws a ticket and abandons its proposal, if any. The other ticket keeps its wait. */
  withdraw(ticketId: TicketId): void;

  /**
   * Drops the ticket's requirement of a shared interest, whether permanent (`onlyShared`) or for
   * a limited time. The owner must also update its own copy, so that a later `submit` agrees.
   */
  widen(ticketId: TicketId): void;

  /**
   * Withdraws a private meeting for good. The event `refused` follows for its tickets, and for
   * tickets that are submitted later to the same pool.
   */
  endMeeting(key: string): void;

  /**
   * Confirms that the ticket is open, that the epoch is current, and that the ticket's owner
   * still allows the pair. When all tickets of a proposal are confirmed it becomes a match.
   */
  confirm(proposalId: MatchId, ticketId: TicketId): void;

  /**
   * Rejects a proposal because the ticket is no longer open, or because the owner knows that two
   * users of the proposal must not meet. The other ticket keeps its wait.
   *
   * @param areApart whether two users must not meet. The ticket then stays in the pool, which
   * doesn't propose this pair again for a while. Defaults to false
   */
  reject(proposalId: MatchId, ticketId: TicketId, areApart?: boolean): void;
}

/** Receives events about the tickets of one node. The gateway implements it. */
export interface MatchmakerListener {
  /** The pool has a new writer and is empty, so every open ticket must be resubmitted. */
  epochChanged(event: EpochChanged, now: Instant): void;
  /** The ticket may not wait, so the pool doesn't contain it. */
  refused(event: TicketRefused, now: Instant): void;
  /**
   * The pool found a pair. The owner must call `confirm` or `reject` for `ticketId` within
   * `PROPOSAL_TIMEOUT_MS`. A node that owns both tickets gets one event for each.
   */
  proposed(event: TicketProposed, now: Instant): void;
  /** All owners confirmed, so the call with the id `proposal.id` is open. Sent once per ticket. */
  matched(event: TicketMatched, now: Instant): void;
  /** The proposal failed. Sent once for each of its tickets, to the node that owns the ticket. */
  abandoned(event: TicketAbandoned, now: Instant): void;
}

export type AddRefusal = WaitRefusal | 'pool-full' | 'meeting-over';

interface PoolEvent {
  readonly epoch: number;
}

export interface EpochChanged extends PoolEvent {}

export interface TicketRefused extends PoolEvent {
  readonly ticketId: TicketId;
  readonly reason: AddRefusal;
}

export interface TicketProposed extends PoolEvent {
  readonly ticketId: TicketId;
  readonly proposal: Proposal;
}

export interface TicketMatched extends PoolEvent {
  readonly ticketId: TicketId;
  readonly proposal: Proposal;
}

export interface TicketAbandoned extends PoolEvent {
  readonly ticketId: TicketId;
  readonly proposalId: MatchId;
  /**
   * `waiting`: the pool keeps the ticket and its wait. `gone`: the ticket's owner withdrew,
   * rejected or didn't answer in time. The owner resubmits it if it is still open.
   */
  readonly ticketIs: 'waiting' | 'gone';
}

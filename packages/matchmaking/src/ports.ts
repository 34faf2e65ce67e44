import type { Instant } from '@farandole/kernel/clock';
import type { MatchId, TicketId } from '@farandole/kernel/id';
import type { WaitRefusal } from './eligibility.ts';
import type { Proposal } from './proposal.ts';
import type { Ticket } from './ticket.ts';

/** What a ticket says about who its user is. */
export type Party = Pick<Ticket, 'subject' | 'deviceKey' | 'origin' | 'proven'>;

/**
 * Facts about two users beyond their tickets. Called synchronously and often while pairing, so an
 * adapter answers from memory in constant time.
 * Both methods are symmetric.
 */
export interface PairFacts {
  /**
   * Whether a block or a report keeps the two apart: by subject or device key, and an unproven user
   * for a day also by network. `keepsApart` in `apart/separations.ts` is the definition.
   */
  keptApart(a: Party, b: Party): boolean;
  /**
   * Whether the two, by subject or device key, were last in a match together less than `cooldownMs`
   * ago.
   * The ledger answers, because only it knows each entry's clock. It counts *elapsed* monotonic
   * time; an entry loaded after a restart starts with the elapsed wall time, clamped between zero
   * and the cool-down. So a wall clock that jumps by thirty days ends no cool-down early and
   * extends none beyond one cool-down from the restart.
   */
  metWithin(a: Party, b: Party, cooldownMs: number): boolean;
}

/**
 * The pool as one node's gateway sees it, wherever the pool runs.
 * **Ownership.** A gateway owns its tickets and alone knows whether one is open. The holder of the
 * lease is the pool's only writer; each new holder has a larger *epoch* and an empty pool. After
 * `epochChanged` the gateway resubmits each open ticket with the time waited, including confirmed
 * ones without a `matched`.
 * **Ticket states.** `submit` → (`refused`
 * `proposed` → `confirm`
 * `reject` → (`matched`
 * `abandoned`)). After `confirm`, a gateway confirms no other proposal for that ticket until
 * `matched`, `abandoned` or a new epoch. After `matched` the ticket is spent; Next creates a new
 * one.
 * **Delivery.** Calls return at once. Events arrive at the listener in order and never from inside
 * a call, so handlers may call back. Across nodes, calls and events can be lost with a connection;
 * a new epoch or the proposal's deadline repairs that. Ignore events whose epoch isn't the latest
 * from `epochChanged`.
 * Nothing throws because of a user or another node. Calls about unknown tickets or proposals are
 * ignored, since their news may be on the way.
 */
export interface Matchmaker {
  /** Called once, before any other call; `epochChanged` then announces the current epoch. */
  attach(listener: MatchmakerListener): void;

  /**
   * Submits a ticket. Idempotent by id. Reports `refused` if the ticket may not wait.
   * @param waitedMs earlier wait by the owner's monotonic clock; defaults to zero, larger when the
   * ticket is resubmitted
   */
  submit(ticket: Ticket, waitedMs?: number): void;

  /** The user left. Abandons the ticket's proposal, if any; the other ticket keeps its wait. */
  withdraw(ticketId: TicketId): void;

  /**
   * The user drops the wish for a shared interest, scheduled or `onlyShared`. The owner updates its
   * own copy too, so that a later `submit` agrees.
   */
  widen(ticketId: TicketId): void;

  /**
   * Confirms that the ticket is open, the epoch current and the pair still allowed by the owner.
   * When all tickets of the proposal are confirmed it becomes a match.
   */
  confirm(proposalId: MatchId, ticketId: TicketId): void;

  /** The ticket is no longer open. Removes it; the other ticket keeps its wait. */
  reject(proposalId: MatchId, ticketId: TicketId): void;
}

/** Events about one node's tickets. Implemented by the gateway; the host calls it with the time. */
export interface MatchmakerListener {
  /** The pool has a new writer and is empty: resubmit every open ticket. Epochs only grow. */
  epochChanged(event: EpochChanged, now: Instant): void;
  /** The ticket may not wait and isn't in the pool. */
  refused(event: TicketRefused, now: Instant): void;
  /**
   * A pair was found. Answer with `confirm` or `reject` for `ticketId` within
   * `PROPOSAL_TIMEOUT_MS`. A node that owns both tickets gets one event for each.
   */
  proposed(event: TicketProposed, now: Instant): void;
  /** All owners confirmed: the call `proposal.id` is open. Reported once per ticket. */
  matched(event: TicketMatched, now: Instant): void;
  /** The proposal failed. Reported once per ticket that the node owns. */
  abandoned(event: TicketAbandoned, now: Instant): void;
}

export type AddRefusal = WaitRefusal | 'pool-full';

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
   * `waiting`: the pool keeps the ticket and its wait. `gone`: its owner withdrew, rejected or
   * didn't answer in time; an owner whose ticket is still open resubmits it.
   */
  readonly ticketIs: 'waiting' | 'gone';
}

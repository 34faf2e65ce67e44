import type { Instant } from '@farandole/kernel/clock';
import type { MatchId, SubjectId, TicketId } from '@farandole/kernel/id';
import type { WaitRefusal } from './eligibility.ts';
import type { Proposal } from './proposal.ts';
import type { Ticket } from './ticket.ts';

/**
 * What is known of two people beyond their tickets. Asked synchronously while pairing, so an
 * adapter answers from memory; asked often, so it answers in constant time.
 *
 * Both questions are symmetric: `(a, b)` and `(b, a)` have one answer.
 */
export interface PairFacts {
  /** Whether either of the two has blocked the other. */
  blockedEitherWay(a: SubjectId, b: SubjectId): boolean;
  /**
   * Whether the two were last in a match together less than `cooldownMs` ago.
   *
   * The ledger answers, and not the pool by comparing times, because only the ledger knows which
   * clock each of its entries was written by. It counts *elapsed* time by the monotonic clock
   * while the process lives; an entry read back after a restart starts with the elapsed time that
   * the wall clock tells, clamped to between zero and the cool-down. So a wall clock that jumps
   * by thirty days, either way, ends no cool-down early and makes none last longer than one
   * cool-down from the restart.
   */
  metWithin(a: SubjectId, b: SubjectId, cooldownMs: number): boolean;
}

/**
 * The pool as one node's gateway sees it, wherever the pool runs.
 *
 * **Who owns what.** A gateway owns its tickets: it alone knows whether one is open. The holder
 * of the lease on the pool is the pool's one writer; each new holder has a larger *epoch* and
 * starts from an empty pool. After `epochChanged` the gateway submits each of its open tickets
 * again, with the time that it has waited; that includes tickets it had confirmed whose
 * `matched` had not arrived.
 *
 * **The life of a ticket.** `submit` → (`refused` | `proposed` → `confirm` | `reject` →
 * (`matched` | `abandoned`)). A gateway that has confirmed a ticket promises it: it confirms no
 * other proposal for it until `matched`, `abandoned` or a new epoch. After `matched` the ticket
 * is spent. A person who presses Next gets a new one.
 *
 * **Delivery.** Calls return at once and report nothing; what comes of them arrives at the
 * listener, in the order in which it happened, and never from inside a call of this interface: a
 * handler may call back freely. Across nodes a call or an event may be lost with the connection
 * that carried it; then a new epoch or the proposal's deadline repairs it. An event that carries
 * another epoch than the latest `epochChanged` is stale: the gateway ignores it.
 *
 * Nothing here throws for what a person or another node did. Every call about a ticket or a
 * proposal that the pool does not know is ignored, since its news may be on the way.
 */
export interface Matchmaker {
  /**
   * Whom to tell. Called exactly once, before anything else; the current epoch is announced by
   * `epochChanged` as soon as there is one.
   */
  attach(listener: MatchmakerListener): void;

  /**
   * Lets a ticket wait. Idempotent: a ticket id that the pool already holds, waiting or proposed,
   * changes nothing. A ticket that may not wait comes back by `refused`.
   *
   * @param waitedMs How long the person has waited already, by the owner's monotonic clock: zero
   *   for a new ticket, which is what leaving it out means; more when it is submitted again.
   */
  submit(ticket: Ticket, waitedMs?: number): void;

  /**
   * The person left. If the ticket was in a proposal, the proposal is abandoned and the other
   * ticket waits again from where it was.
   */
  withdraw(ticketId: TicketId): void;

  /**
   * The person drops the wish for a shared interest: "only people who share one", and the first
   * seconds in which shared interests are asked for. The owner drops `onlyShared` from its own
   * copy too, so that a later `submit` says the same.
   */
  widen(ticketId: TicketId): void;

  /**
   * The owner says that its ticket is open, that the epoch is current, and that it would still
   * let the two meet. When both tickets of the proposal are confirmed it is a match.
   */
  confirm(proposalId: MatchId, ticketId: TicketId): void;

  /**
   * The owner says that this ticket is no longer open. It is gone from the pool; the other one
   * waits again from where it was.
   */
  reject(proposalId: MatchId, ticketId: TicketId): void;
}

/**
 * What happens to the tickets of one node. Implemented by the gateway, called by the host, which
 * says what time it is.
 */
export interface MatchmakerListener {
  /**
   * The pool has a (new) writer. Everything that the pool held is forgotten: submit every open
   * ticket again. Epochs only grow.
   */
  epochChanged(event: EpochChanged, now: Instant): void;
  /** The ticket may not wait, and does not. */
  refused(event: TicketRefused, now: Instant): void;
  /**
   * A pair was found. Answer with `confirm` or `reject` for `ticketId` within
   * `PROPOSAL_TIMEOUT_MS`. When one node owns both tickets it is told twice, once for each.
   */
  proposed(event: TicketProposed, now: Instant): void;
  /** Both owners confirmed: the call under `proposal.id` is open. Told once for each ticket. */
  matched(event: TicketMatched, now: Instant): void;
  /** The proposal came to nothing. Told once for each ticket of it that the node owns. */
  abandoned(event: TicketAbandoned, now: Instant): void;
}

/** Why a ticket may not wait: a hard rule, or there is no room. */
export type AddRefusal = WaitRefusal | 'pool-full';

interface PoolEvent {
  /** The epoch of the pool's writer that says so. */
  readonly epoch: number;
}

export interface EpochChanged extends PoolEvent {}

export interface TicketRefused extends PoolEvent {
  readonly ticketId: TicketId;
  readonly reason: AddRefusal;
}

export interface TicketProposed extends PoolEvent {
  /** Which of the two the listener owns and is asked about. */
  readonly ticketId: TicketId;
  readonly proposal: Proposal;
}

export interface TicketMatched extends PoolEvent {
  /** Which of the two the listener owns. */
  readonly ticketId: TicketId;
  readonly proposal: Proposal;
}

export interface TicketAbandoned extends PoolEvent {
  readonly ticketId: TicketId;
  readonly proposalId: MatchId;
  /**
   * `waiting`: the pool holds the ticket again, with all the time it has waited; there is nothing
   * to do. `gone`: the pool no longer holds it, because its owner withdrew or rejected it or did
   * not answer in time; an owner to whom it is still open submits it again.
   */
  readonly ticketIs: 'waiting' | 'gone';
}

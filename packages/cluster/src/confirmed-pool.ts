import type { Instant } from '@farandole/kernel/clock';
import type { MatchId, NodeId, TicketId } from '@farandole/kernel/id';
import type { Prng } from '@farandole/kernel/prng';
import { allMayMeet } from '@farandole/matchmaking/eligibility';
import { NO_HOURS, roundsAt } from '@farandole/matchmaking/hours';
import { PROPOSAL_TIMEOUT_MS } from '@farandole/matchmaking/limits';
import type { ModeId } from '@farandole/matchmaking/mode';
import { Pool, type PoolOptions } from '@farandole/matchmaking/pool';
import type { AddRefusal } from '@farandole/matchmaking/ports';
import type { Proposal } from '@farandole/matchmaking/proposal';
import type { Ticket } from '@farandole/matchmaking/ticket';
import { RejectedPairs } from './rejected-pairs.ts';

export type TicketEvent =
  | { readonly type: 'ticket.refused'; readonly ticketId: TicketId; readonly reason: AddRefusal }
  | { readonly type: 'ticket.proposed'; readonly ticketId: TicketId; readonly proposal: Proposal }
  | { readonly type: 'ticket.matched'; readonly ticketId: TicketId; readonly proposal: Proposal }
  | {
      readonly type: 'ticket.abandoned';
      readonly ticketId: TicketId;
      readonly proposalId: MatchId;
      readonly ticketIs: 'waiting' | 'gone';
    };

export type NotifyOwner = (owner: NodeId, event: TicketEvent) => void;

interface OpenProposal {
  readonly proposal: Proposal;
  readonly endsAtMonotonicMs: number;
  readonly confirmed: Set<TicketId>;
}

/**
 * A pool in which a proposal becomes a match once the owners of all its tickets confirm within
 * `PROPOSAL_TIMEOUT_MS`. Checks the hard rules again before the match, because one user may have
 * blocked the other since the proposal. Doesn't check that the caller owns the ticket, so the
 * caller must.
 */
export class ConfirmedPool {
  readonly #options: PoolOptions;
  readonly #notify: NotifyOwner;
  readonly #pool: Pool;
  readonly #rejected: RejectedPairs;
  /** Open proposals in order of creation, which is also the order of their deadlines. */
  readonly #proposals = new Map<MatchId, OpenProposal>();

  /**
   * @param notify receives events while a method of this class runs, so it must not call this
   * class
   */
  constructor(options: PoolOptions, nowMonotonicMs: number, notify: NotifyOwner) {
    this.#rejected = new RejectedPairs(options.facts);
    this.#options = { ...options, facts: this.#rejected };
    this.#notify = notify;
    this.#pool = new Pool(this.#options, nowMonotonicMs);
  }

  /** Number of waiting tickets by mode, without tickets in an open proposal. */
  waitingByMode(): ReadonlyMap<ModeId, number> {
    return this.#pool.waitingByMode();
  }

  proposal(id: MatchId): Proposal | null {
    return this.#proposals.get(id)?.proposal ?? null;
  }

  /**
   * Adds a ticket to the pool. Returns false and notifies the ticket's owner if the pool refuses
   * the ticket.
   */
  submit(ticket: Ticket, waitedMs: number, now: Instant): boolean {
    const added = this.#pool.add(ticket, now.monotonicMs, waitedMs);
    if (added.ok) return true;
    const { reason } = added;
    this.#notify(ticket.node, { type: 'ticket.refused', ticketId: ticket.id, reason });
    return false;
  }

  withdraw(ticketId: TicketId): void {
    const withdrawal = this.#pool.withdraw(ticketId);
    if (withdrawal.was === 'proposed') this.#notifyAbandoned(withdrawal.proposal, [ticketId]);
  }

  widen(ticketId: TicketId, now: Instant): void {
    this.#pool.widen(ticketId, now.monotonicMs);
  }

  /** Withdraws a private meeting for good, and refuses its tickets. */
  endMeeting(key: string, now: Instant): void {
    this.#refuseOver(this.#pool.endMeeting(key, now.monotonicMs));
  }

  /**
   * Confirms a proposal for one of its tickets. Returns the match if this confirmation was the
   * last one needed, otherwise null.
   */
  confirm(proposalId: MatchId, ticketId: TicketId): Proposal | null {
    const open = this.#proposals.get(proposalId);
    if (open === undefined) return null;
    const { proposal, confirmed } = open;
    if (proposal.tickets.some(({ id }) => id === ticketId)) confirmed.add(ticketId);
    if (confirmed.size < proposal.tickets.length) return null;
    const { rules, facts } = this.#options;
    if (!allMayMeet(proposal.tickets, rules, facts)) {
      this.#abandon(proposalId, []);
      return null;
    }
    this.#pool.confirm(proposalId);
    this.#proposals.delete(proposalId);
    for (const { node, id } of proposal.tickets) {
      this.#notify(node, { type: 'ticket.matched', ticketId: id, proposal });
    }
    this.#refuseOver(this.#pool.met(proposal));
    return proposal;
  }

  /**
   * @param areApart whether the owner knows that two of the proposal's users must not meet. The
   * pool keeps both tickets then, and doesn't propose the pair again for a while.
   */
  reject(proposalId: MatchId, ticketId: TicketId, areApart: boolean, now: Instant): void {
    const proposal = this.proposal(proposalId);
    if (proposal?.tickets.some(({ id }) => id === ticketId) !== true) return;
    if (areApart) {
      // Of more than two users, the pool doesn't know which two must not meet.
      for (const [at, one] of proposal.tickets.entries()) {
        for (const other of proposal.tickets.slice(at + 1)) {
          this.#rejected.add(one.subject, other.subject, now.monotonicMs);
        }
      }
    }
    this.#abandon(proposalId, areApart ? [] : [ticketId]);
  }

  /**
   * Abandons the proposals whose deadline has passed. Drops their unconfirmed tickets, and
   * returns the confirmed ones to waiting.
   */
  tick(now: Instant): void {
    this.#rejected.forgetOld(now.monotonicMs);
    for (const [id, { proposal, confirmed, endsAtMonotonicMs }] of this.#proposals) {
      if (now.monotonicMs < endsAtMonotonicMs) return;
      const silent = proposal.tickets.filter((ticket) => !confirmed.has(ticket.id));
      this.#abandon(
        id,
        silent.map((ticket) => ticket.id),
      );
    }
  }

  runWave(now: Instant, prng: Prng): void {
    const endsAtMonotonicMs = now.monotonicMs + PROPOSAL_TIMEOUT_MS;
    const hours = this.#options.hours?.() ?? NO_HOURS;
    const rounds = roundsAt(hours, now.wallMs);
    for (const proposal of this.#pool.runWave(now.monotonicMs, prng, rounds)) {
      this.#proposals.set(proposal.id, { proposal, endsAtMonotonicMs, confirmed: new Set() });
      for (const { node, id } of proposal.tickets) {
        this.#notify(node, { type: 'ticket.proposed', ticketId: id, proposal });
      }
    }
  }

  #refuseOver(tickets: readonly Ticket[]): void {
    for (const { id: ticketId, node } of tickets) {
      this.withdraw(ticketId);
      this.#notify(node, { type: 'ticket.refused', ticketId, reason: 'meeting-over' });
    }
  }

  #abandon(proposalId: MatchId, gone: readonly TicketId[]): void {
    const proposal = this.#pool.restore(proposalId, gone);
    if (proposal !== null) this.#notifyAbandoned(proposal, gone);
  }

  #notifyAbandoned({ id: proposalId, tickets }: Proposal, gone: readonly TicketId[]): void {
    this.#proposals.delete(proposalId);
    for (const { node, id: ticketId } of tickets) {
      const ticketIs = gone.includes(ticketId) ? 'gone' : 'waiting';
      this.#notify(node, { type: 'ticket.abandoned', ticketId, proposalId, ticketIs });
    }
  }
}

import type { Instant } from '@farandole/kernel/clock';
import type { MatchId, TicketId } from '@farandole/kernel/id';
import type {
  EpochChanged,
  Matchmaker,
  MatchmakerListener,
  TicketAbandoned,
  TicketMatched,
  TicketProposed,
  TicketRefused,
} from '@farandole/matchmaking/ports';
import type { Proposal } from '@farandole/matchmaking/proposal';
import type { Ticket } from '@farandole/matchmaking/ticket';

/** How a ticket's owner answers a proposal. With `later`, the test sends the answer. */
export type ProposalAnswer = 'confirm' | 'reject' | 'later';

interface Owned {
  ticket: Ticket;
  readonly sinceMs: number;
  promisedTo: MatchId | null;
}

export class TicketOwner implements MatchmakerListener {
  answer: ProposalAnswer = 'confirm';
  readonly answers = new Map<TicketId, ProposalAnswer>();
  readonly epochs: number[] = [];
  readonly heard: {
    readonly proposed: TicketProposed[];
    readonly abandoned: TicketAbandoned[];
    readonly refused: TicketRefused[];
  } = { proposed: [], abandoned: [], refused: [] };
  /** All matches by ticket. A ticket with two matches is a fault. */
  readonly matches = new Map<TicketId, Proposal[]>();
  readonly left = new Set<TicketId>();
  readonly #matchmaker: Matchmaker;
  readonly #open = new Map<TicketId, Owned>();
  readonly #unanswered = new Map<TicketId, TicketProposed>();

  constructor(matchmaker: Matchmaker) {
    this.#matchmaker = matchmaker;
    matchmaker.attach(this);
  }

  get open(): readonly Ticket[] {
    return [...this.#open.values()].map(({ ticket }) => ticket);
  }

  submit(ticket: Ticket, now: Instant): void {
    const sinceMs = now.monotonicMs;
    this.#open.set(ticket.id, { ticket, sinceMs, promisedTo: null });
    this.#matchmaker.submit(ticket);
  }

  withdraw(ticketId: TicketId): void {
    if (!this.#open.delete(ticketId)) return;
    this.#unanswered.delete(ticketId);
    this.left.add(ticketId);
    this.#matchmaker.withdraw(ticketId);
  }

  widen(ticketId: TicketId): void {
    const owned = this.#open.get(ticketId);
    if (owned === undefined) return;
    owned.ticket = { ...owned.ticket, onlyShared: false };
    this.#matchmaker.widen(ticketId);
  }

  confirm({ proposal, ticketId }: TicketProposed): void {
    this.#unanswered.delete(ticketId);
    const owned = this.#open.get(ticketId);
    const isOurs = owned !== undefined && [null, proposal.id].includes(owned.promisedTo);
    if (!isOurs) {
      this.#matchmaker.reject(proposal.id, ticketId);
      return;
    }
    owned.promisedTo = proposal.id;
    this.#matchmaker.confirm(proposal.id, ticketId);
  }

  /** Confirms all pending proposals and those that arrive later. */
  answerAll(): void {
    this.answer = 'confirm';
    this.answers.clear();
    for (const event of [...this.#unanswered.values()]) this.confirm(event);
  }

  epochChanged({ epoch }: EpochChanged, now: Instant): void {
    this.epochs.push(epoch);
    this.#unanswered.clear();
    for (const owned of this.#open.values()) {
      owned.promisedTo = null;
      this.#matchmaker.submit(owned.ticket, now.monotonicMs - owned.sinceMs);
    }
  }

  refused(event: TicketRefused): void {
    this.heard.refused.push(event);
    this.#open.delete(event.ticketId);
  }

  proposed(event: TicketProposed): void {
    if (event.epoch !== this.#epoch) return;
    this.heard.proposed.push(event);
    this.#unanswered.set(event.ticketId, event);
    const answer = this.answers.get(event.ticketId) ?? this.answer;
    if (answer === 'confirm') this.confirm(event);
    if (answer === 'reject') {
      this.#unanswered.delete(event.ticketId);
      this.#open.delete(event.ticketId);
      this.left.add(event.ticketId);
      this.#matchmaker.reject(event.proposal.id, event.ticketId);
    }
  }

  matched({ epoch, ticketId, proposal }: TicketMatched): void {
    const owned = this.#open.get(ticketId);
    if (epoch !== this.#epoch || owned?.promisedTo !== proposal.id) return;
    this.#open.delete(ticketId);
    this.matches.set(ticketId, [...(this.matches.get(ticketId) ?? []), proposal]);
  }

  abandoned(event: TicketAbandoned, now: Instant): void {
    this.heard.abandoned.push(event);
    this.#unanswered.delete(event.ticketId);
    const owned = this.#open.get(event.ticketId);
    if (owned === undefined || event.epoch !== this.#epoch) return;
    if (owned.promisedTo === event.proposalId) owned.promisedTo = null;
    if (event.ticketIs === 'gone') {
      this.#matchmaker.submit(owned.ticket, now.monotonicMs - owned.sinceMs);
    }
  }

  get #epoch(): number {
    return this.epochs.at(-1) ?? 0;
  }
}

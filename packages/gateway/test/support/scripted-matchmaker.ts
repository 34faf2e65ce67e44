import assert from 'node:assert/strict';
import type { Instant } from '@farandole/kernel/clock';
import { brandId, type MatchId, type TicketId } from '@farandole/kernel/id';
import type { AddRefusal, Matchmaker, MatchmakerListener } from '@farandole/matchmaking/ports';
import type { Proposal } from '@farandole/matchmaking/proposal';
import type { Ticket } from '@farandole/matchmaking/ticket';

export type Said =
  | { readonly said: 'submit'; readonly ticket: Ticket; readonly waitedMs: number }
  | { readonly said: 'withdraw' | 'widen'; readonly ticketId: TicketId }
  | {
      readonly said: 'confirm' | 'reject';
      readonly proposal: MatchId;
      readonly ticketId: TicketId;
    };

/** A pool whose events the test triggers, so that events and messages can arrive in any order. */
export class ScriptedMatchmaker implements Matchmaker {
  readonly said: Said[] = [];
  epoch = 1;
  #listener: MatchmakerListener | null = null;
  #proposals = 0;

  attach(listener: MatchmakerListener): void {
    this.#listener = listener;
  }

  submit(ticket: Ticket, waitedMs = 0): void {
    this.said.push({ said: 'submit', ticket, waitedMs });
  }

  withdraw(ticketId: TicketId): void {
    this.said.push({ said: 'withdraw', ticketId });
  }

  widen(ticketId: TicketId): void {
    this.said.push({ said: 'widen', ticketId });
  }

  endMeeting(): void {}

  confirm(proposal: MatchId, ticketId: TicketId): void {
    this.said.push({ said: 'confirm', proposal, ticketId });
  }

  reject(proposal: MatchId, ticketId: TicketId): void {
    this.said.push({ said: 'reject', proposal, ticketId });
  }

  ticketOf(subject: string): Ticket {
    return this.submissionOf(subject).ticket;
  }

  submissionOf(subject: string): Said & { readonly said: 'submit' } {
    const found = this.said.findLast(
      (each): each is Said & { readonly said: 'submit' } =>
        each.said === 'submit' && each.ticket.subject === subject,
    );
    assert.ok(found !== undefined, `nothing was submitted for ${subject}`);
    return found;
  }

  count(said: Said['said'], ticketId: TicketId): number {
    return this.said.filter(
      (each) =>
        each.said === said &&
        (each.said === 'submit' ? each.ticket.id : each.ticketId) === ticketId,
    ).length;
  }

  begin(now: Instant): void {
    this.listener.epochChanged({ epoch: this.epoch }, now);
  }

  newProposal(a: Ticket, b: Ticket): Proposal {
    this.#proposals += 1;
    return {
      id: brandId<MatchId>(`match-number-${this.#proposals}`),
      tickets: [a, b],
      offerer: a.id,
      sharedInterests: [],
      sharedLanguages: [],
      score: 0,
      waitedMs: [0, 0],
    };
  }

  propose(proposal: Proposal, ticket: Ticket, now: Instant): void {
    this.listener.proposed({ epoch: this.epoch, ticketId: ticket.id, proposal }, now);
  }

  match(proposal: Proposal, ticket: Ticket, now: Instant): void {
    this.listener.matched({ epoch: this.epoch, ticketId: ticket.id, proposal }, now);
  }

  abandon(proposal: Proposal, ticket: Ticket, ticketIs: 'waiting' | 'gone', now: Instant): void {
    const { epoch } = this;
    const event = { epoch, ticketId: ticket.id, proposalId: proposal.id, ticketIs };
    this.listener.abandoned(event, now);
  }

  refuse(ticket: Ticket, reason: AddRefusal, now: Instant): void {
    this.listener.refused({ epoch: this.epoch, ticketId: ticket.id, reason }, now);
  }

  get listener(): MatchmakerListener {
    assert.ok(this.#listener !== null, 'nobody listens');
    return this.#listener;
  }
}

import type { ClientMessage, ClientMessageOf } from '@farandole/protocol/client-message';
import type { Mode, PairSeat, TaggedLine } from '@farandole/protocol/fields';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { takesPictures } from '@farandole/protocol/takes-pictures';
import {
  type FakeCall,
  newSeat,
  type Opened,
  openedOf,
  other,
  readReceipt,
  sharedBy,
  sideOf,
} from './fake-call.ts';
import { learnersOf } from './fake-exchange.ts';
import { FakeInvitations, meetingKeyOf } from './fake-invitations.ts';
import type { FakeNode, FakeNodeApp, FakeSession } from './fake-node.ts';
import { FakeRestores } from './fake-restores.ts';
import { FakeRungs } from './fake-rungs.ts';
import { lineOf, sum } from './lines.ts';

type TicketCreate = ClientMessageOf<'ticket.create'>;
type CallEndReason = ServerMessageOf<'call.ended'>['reason'];
type TicketRefusal = ServerMessageOf<'ticket.refused'>['reason'];

interface QueuedTicket {
  readonly session: FakeSession;
  readonly ticket: TicketCreate;
}

/**
 * The application logic of the fake node, which follows SPEC.md. It matches searches, relays
 * signals, counts chat lines, restores calls and accepts reports.
 */
export class FakeServer implements FakeNodeApp {
  readonly #node: FakeNode;
  readonly declared = new Set<string>();
  /** The ways to meet that the fake server offers, from the least to the most revealing. */
  modes: readonly Mode[] = ['text', 'video'];
  readonly #rungs = new FakeRungs({
    modes: () => this.modes,
    opened: (call, side) => this.#opened(call, side),
    send: (session, message) => this.#node.send(session, message),
  });
  readonly calls = new Map<string, FakeCall>();
  readonly said: { readonly publicKey: string; readonly message: ClientMessage }[] = [];
  readonly reports: ClientMessageOf<'report.create'>[] = [];
  waiting: QueuedTicket[] = [];
  refusals: { readonly reason: TicketRefusal; readonly retryAfterMs?: number }[] = [];
  transport: 'relay' | 'all' = 'all';
  directOffered = false;
  usualWaitMs: number | null = null;
  /** Time until the hour for which users wait, as the node tells it. */
  opensInMs: number | null = null;
  draining = false;
  /** Whether the node matches searches. If false, searches wait even if they could match. */
  matches = true;
  /** Time between two chat lines in milliseconds, by the node's clock. */
  lineEveryMs = 1;
  /**
   * How the server replies to chat lines. `silence` means that it doesn't reply. The next three
   * fields control the replies to reports, blocks and removals of blocks.
   */
  lines: 'accept' | 'silence' | ServerMessageOf<'chat.refused'>['reason'] = 'accept';
  reportAnswer: 'accept' | 'silence' | ServerMessageOf<'report.refused'>['reason'] = 'accept';
  blockAnswer: 'accept' | 'silence' | ServerMessageOf<'block.refused'>['reason'] = 'accept';
  unblockAnswer: 'accept' | 'silence' | ServerMessageOf<'block.kept'>['reason'] = 'accept';
  readonly restores: FakeRestores;
  readonly invitations: FakeInvitations;
  #matches = 0;

  constructor(node: FakeNode) {
    this.#node = node;
    this.restores = new FakeRestores(node);
    this.invitations = new FakeInvitations(node);
    node.app = this;
  }

  opened({ id }: FakeSession): void {
    this.declared.delete(id);
  }

  gone(session: FakeSession): void {
    this.waiting = this.waiting.filter((waiting) => waiting.session !== session);
    for (const call of this.calls.values()) {
      const side = sideOf(call, session);
      if (side !== null) this.end(call, side, 'you', 'lost');
    }
  }

  /** Notifies both users of a call that the bell rings. */
  announceBell({ match, epoch, seats }: FakeCall, inMs: number): void {
    for (const { session } of Object.values(seats))
      this.#node.pass(session, { type: 'round.ending', match, epoch, inMs });
  }

  restart(): void {
    this.waiting = [];
    this.calls.clear();
    this.restores.clear();
    this.#node.restart();
  }

  saidBy(publicKey: string): string[] {
    const said = this.said.filter((each) => each.publicKey.startsWith(publicKey));
    return said.map(({ message }) => message.type);
  }

  message(session: FakeSession, message: ClientMessage): void {
    this.said.push({ publicKey: session.publicKey, message });
    if ('match' in message) {
      this.#inCall(session, message);
      return;
    }
    switch (message.type) {
      case 'age.declare': {
        const refused = message.answer === 'minor';
        if (!refused) this.declared.add(session.id);
        const state = refused ? 'unknown' : 'declared';
        this.#node.send(session, { type: 'age.answered', state, refused });
        return;
      }
      case 'ticket.create':
        this.#create(session, message);
        return;
      case 'ticket.withdraw': {
        const { ticket } = message;
        const before = this.waiting.length;
        this.waiting = this.waiting.filter((waiting) => waiting.ticket.ticket !== ticket);
        if (this.waiting.length === before) return;
        this.#node.send(session, { type: 'ticket.withdrawn', ticket });
        return;
      }
      case 'call.restore':
        this.#restore(session, message);
        return;
      case 'block.create':
        this.#part(session, message.receipt);
        if (this.blockAnswer === 'silence') return;
        if (this.blockAnswer !== 'accept') {
          this.#node.send(session, { type: 'block.refused', reason: this.blockAnswer });
          return;
        }
        this.#node.send(session, {
          type: 'block.accepted',
          match: readReceipt(message.receipt).match,
          proof: `proof-of-${session.publicKey}`,
        });
        return;
      case 'block.remove': {
        const { id, proof } = message;
        if (this.unblockAnswer === 'silence') return;
        if (this.unblockAnswer !== 'accept') {
          this.#node.send(session, { type: 'block.kept', id, reason: this.unblockAnswer });
          return;
        }
        if (proof === `proof-of-${session.publicKey}`)
          this.#node.send(session, { type: 'block.removed', id });
        else this.#node.send(session, { type: 'block.kept', id, reason: 'bad-proof' });
        return;
      }
      case 'report.create': {
        if (this.reportAnswer === 'silence') return;
        this.#part(session, message.receipt);
        if (this.reportAnswer !== 'accept') {
          const { id } = message;
          this.#node.send(session, { type: 'report.refused', id, reason: this.reportAnswer });
          return;
        }
        const merged = this.reports.some((report) => report.receipt === message.receipt);
        this.reports.push(message);
        const { id, reason } = message;
        const takes = this.#node.facts.pictures && takesPictures(reason);
        this.#node.send(session, {
          type: 'report.accepted',
          ...{ id, code: 'FD-2345', outcome: 'FD-2345.proof-of-it', merged },
          ...(takes ? { pictures: `pictures-of-${id}` } : {}),
        });
        return;
      }
      case 'invitation.create':
      case 'invitation.withdraw':
        this.invitations.take(session, message, (token) => this.#refuseMeeting(token));
        return;
      case 'ticket.widen':
      case 'session.hello':
      case 'session.leave':
      case 'link.ack':
      case 'link.ping':
    }
  }

  end(call: FakeCall, side: PairSeat, own: CallEndReason, others: CallEndReason): void {
    this.calls.delete(call.match);
    const { match, epoch } = call;
    for (const [at, reason] of [
      [side, own],
      [other(side), others],
    ] as const) {
      const { session } = call.seats[at];
      if (!this.#node.sessions.has(session.id)) continue;
      this.#node.send(session, { type: 'call.ended', match, epoch, reason });
    }
  }

  #create(session: FakeSession, ticket: TicketCreate): void {
    const refusal = this.refusals.shift() ?? this.#refusal(session, ticket);
    if (refusal !== null) {
      this.#node.send(session, { type: 'ticket.refused', ticket: ticket.ticket, ...refusal });
      return;
    }
    const interests = ticket.interests.map((interest) => interest.trim().toLowerCase());
    const usualWait = this.usualWaitMs === null ? {} : { usualWaitMs: this.usualWaitMs };
    const opensIn = this.opensInMs === null ? {} : { opensInMs: this.opensInMs };
    const accepted = { ticket: ticket.ticket, interests, ...usualWait, ...opensIn };
    this.#node.send(session, { type: 'ticket.accepted', ...accepted });
    const found = this.waiting.find(
      (waiting) =>
        this.matches &&
        waiting.ticket.mode === ticket.mode &&
        learnersOf(waiting.ticket, ticket) !== null &&
        waiting.session.publicKey !== session.publicKey &&
        meetingKeyOf(waiting.ticket) === meetingKeyOf(ticket),
    );
    if (found === undefined) this.waiting.push({ session, ticket });
    else {
      this.waiting = this.waiting.filter((waiting) => waiting !== found);
      this.#match(found, { session, ticket });
    }
  }

  #refusal(session: FakeSession, ticket: TicketCreate): { reason: TicketRefusal } | null {
    if (this.draining) return { reason: 'server-moving' };
    const isSearching = this.waiting.some((waiting) => waiting.session === session);
    if (isSearching) return { reason: 'already-searching' };
    const isInCall = [...this.calls.values()].some((call) => sideOf(call, session) !== null);
    if (isInCall) return { reason: 'in-a-call' };
    if (ticket.policyVersion !== this.#node.facts.policyVersion)
      return { reason: 'policy-changed' };
    if (this.invitations.isOver(ticket)) return { reason: 'meeting-over' };
    return this.declared.has(session.id) ? null : { reason: 'age-required' };
  }

  #refuseMeeting(token: string): void {
    const over = this.waiting.filter(({ ticket }) => ticket.meeting?.token === token);
    this.waiting = this.waiting.filter((waiting) => !over.includes(waiting));
    const refused = { type: 'ticket.refused', reason: 'meeting-over' } as const;
    for (const { session, ticket } of over)
      this.#node.send(session, { ...refused, ticket: ticket.ticket });
  }

  #match(a: QueuedTicket, b: QueuedTicket): void {
    this.#matches += 1;
    const offerer: PairSeat =
      a.ticket.offer === undefined && b.ticket.offer !== undefined ? 'b' : 'a';
    const seatOf = ({ session }: QueuedTicket) => newSeat(session);
    const call: FakeCall = {
      match: `match-${String(this.#matches).padStart(4, '0')}`,
      mode: a.ticket.mode,
      exchange: learnersOf(a.ticket, b.ticket)?.exchange,
      ...{ step: 0, offerer, epoch: 1, counters: [0, 0] },
      seats: { a: seatOf(a), b: seatOf(b) },
    };
    this.calls.set(call.match, call);
    const offer = (offerer === 'a' ? a : b).ticket.offer;
    for (const [side, waiting] of [
      ['a', a],
      ['b', b],
    ] as const) {
      this.#node.send(waiting.session, {
        type: 'match.found',
        ...{ match: call.match, epoch: call.epoch, ticket: waiting.ticket.ticket },
        ...this.#opened(call, side),
        ...sharedBy(a.ticket, b.ticket),
        startedAtMs: 1_800_000_000_000,
        ...(side === offerer || offer === undefined ? {} : { offer }),
        offerUsed: side === offerer && offer !== undefined,
      });
    }
  }

  #opened(call: FakeCall, side: PairSeat): Opened {
    const next = this.modes[this.modes.indexOf(call.mode) + 1] ?? null;
    return openedOf(call, side, this.transport, this.directOffered, next);
  }

  #inCall(session: FakeSession, message: Extract<ClientMessage, { match: string }>): void {
    const call = this.calls.get(message.match);
    const side = call === undefined ? null : sideOf(call, session);
    if (message.type === 'call.end' && this.restores.end(session, message)) return;
    // A message that belongs to an earlier epoch of the call is dropped. Sending one is no protocol
    // violation.
    if (call === undefined || side === null || call.epoch !== message.epoch) return;
    const across = call.seats[other(side)].session;
    const { match, epoch } = call;
    switch (message.type) {
      case 'signal.offer':
      case 'signal.answer': {
        const { type, sdp, step = call.step } = message;
        if (step !== call.step) return;
        this.#node.send(across, { type, match, epoch, sdp });
        return;
      }
      case 'signal.candidate': {
        const { type, candidate, step = call.step } = message;
        if (step !== call.step) return;
        this.#node.send(across, { type, match, epoch, candidate });
        return;
      }
      case 'media.update':
        this.#node.send(across, { type: 'media.updated', match, epoch, media: message.media });
        return;
      case 'chat.typing':
        this.#node.pass(across, { type: 'chat.typing', match, epoch, active: message.active });
        return;
      case 'call.react': {
        const { reaction } = message;
        this.#node.pass(across, { type: 'call.reaction', match, epoch, reaction });
        return;
      }
      case 'call.card':
        this.#node.pass(across, { type: 'call.card', match, epoch, card: message.card });
        return;
      case 'call.exchange':
        this.#node.pass(across, { type: 'call.exchange', match, epoch, state: message.state });
        return;
      case 'direct.consent':
        call.seats[side].direct = message.allowed;
        for (const at of ['a', 'b'] as const) {
          const { session: to, direct: you } = call.seats[at];
          const stranger = call.seats[other(at)].direct;
          this.#node.send(to, { type: 'direct.updated', match, epoch, you, stranger });
        }
        return;
      case 'video.consent':
        if ((message.step ?? 0) === call.step) this.#rungs.consent(call, side, message.allowed);
        return;
      case 'mode.lower':
        this.#rungs.lower(call, side, message.mode);
        return;
      case 'call.first-frame':
      case 'round.answer':
        return;
      case 'call.end':
        this.end(call, side, 'you', message.reason === 'connect-failed' ? message.reason : 'left');
        return;
      case 'chat.send': {
        if (this.lines === 'silence') return;
        if (this.lines !== 'accept') {
          const refused = { type: 'chat.refused', match, epoch, reason: this.lines } as const;
          this.#node.send(session, { ...refused, id: message.id });
          return;
        }
        const line = lineOf(message, side, call.counters, this.lineEveryMs);
        call.counters = line.counters;
        this.#deliver(call, 'a', line);
        this.#deliver(call, 'b', line);
        return;
      }
      case 'chat.replay': {
        const seat = call.seats[other(side)];
        this.#node.send(across, { type: 'chat.line', match, epoch, line: message.line });
        const { held } = seat;
        if (held === null || sum(message.line.counters) < held.upTo) return;
        seat.held = null;
        for (const line of held.lines) this.#deliver(call, other(side), line);
      }
    }
  }

  #deliver(call: FakeCall, side: PairSeat, line: TaggedLine): void {
    const { session, held } = call.seats[side];
    const { match, epoch } = call;
    if (held !== null) held.lines.push(line);
    else this.#node.send(session, { type: 'chat.line', match, epoch, line });
  }

  #part(session: FakeSession, receipt: string): void {
    const call = this.calls.get(readReceipt(receipt).match);
    const side = call === undefined ? null : sideOf(call, session);
    if (call !== undefined && side !== null) this.end(call, side, 'you', 'left');
  }

  #restore(session: FakeSession, message: ClientMessageOf<'call.restore'>): void {
    const restored = this.restores.add(session, message);
    if (restored === null) return;
    const { call, received } = restored;
    const { match, epoch, counters } = call;
    this.calls.set(match, call);
    for (const at of ['a', 'b'] as const) {
      this.#node.send(call.seats[at].session, {
        type: 'call.restored',
        ...{ match, epoch, counters },
        ...this.#opened(call, at),
        peerReceived: received[other(at)],
      });
    }
  }
}

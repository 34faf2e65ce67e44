import { assert } from '@farandole/kernel/assert';
import type { ClientMessage, ClientMessageOf } from '@farandole/protocol/client-message';
import type { Counters, Seat, TaggedLine } from '@farandole/protocol/fields';
import { takesPictures } from '@farandole/protocol/report-pictures';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import type { FakeNode, FakeNodeApp, FakeSession } from './fake-node.ts';
import { nextLine, sum } from './lines.ts';

type TicketCreate = ClientMessageOf<'ticket.create'>;
type CallEndReason = ServerMessageOf<'call.ended'>['reason'];
type TicketRefusal = ServerMessageOf<'ticket.refused'>['reason'];

interface SimSeat {
  readonly session: FakeSession;
  direct: boolean;
  video: boolean;
  /** Lines that wait until what this side lacks has passed; null when it lacks nothing. */
  held: { readonly upTo: number; readonly lines: TaggedLine[] } | null;
}

interface Call {
  readonly match: string;
  mode: 'video' | 'text';
  readonly offerer: Seat;
  epoch: number;
  counters: Counters;
  readonly seats: Record<Seat, SimSeat>;
}

interface Waiting {
  readonly session: FakeSession;
  readonly ticket: TicketCreate;
}

/** What a call's receipt says; it outlives the node. */
interface Receipt {
  readonly match: string;
  readonly side: Seat;
  readonly mode: 'video' | 'text';
  readonly offerer: Seat;
  readonly epoch: number;
}

const other = (side: Seat): Seat => (side === 'a' ? 'b' : 'a');

/**
 * The part of a node above the link, written from SPEC.md for these tests: it matches whoever
 * waits with whoever comes, relays, counts lines, restores calls and takes reports.
 */
export class FakeServer implements FakeNodeApp {
  readonly #node: FakeNode;
  readonly declared = new Set<string>();
  readonly calls = new Map<string, Call>();
  /** Everything that pages have said above the link, in order. */
  readonly said: { readonly publicKey: string; readonly message: ClientMessage }[] = [];
  readonly reports: ClientMessageOf<'report.create'>[] = [];
  waiting: Waiting[] = [];
  /** Refuses the next searches, one each. */
  refusals: { readonly reason: TicketRefusal; readonly retryAfterMs?: number }[] = [];
  /** What a match says of transport. */
  transport: 'relay' | 'all' = 'all';
  directOffered = false;
  /** What an accepted search is told of the waits of others. */
  usualWaitMs: number | null = null;
  draining = false;
  /** False: searches wait, whoever else searches. */
  matches = true;
  /** People in the queue whose pages are not in this world. */
  others = 0;
  /** Between two lines of a chat, by the node's clock. */
  lineEveryMs = 1;
  /** What lines, reports and blocks are answered; `silence`: nothing. */
  lines: 'accept' | 'silence' | ServerMessageOf<'chat.refused'>['reason'] = 'accept';
  reportAnswer: 'accept' | 'silence' | ServerMessageOf<'report.refused'>['reason'] = 'accept';
  blockAnswer: 'accept' | 'silence' | ServerMessageOf<'block.refused'>['reason'] = 'accept';
  unblockAnswer: 'accept' | 'silence' | ServerMessageOf<'block.kept'>['reason'] = 'accept';
  #restoring = new Map<string, { session: FakeSession; receipt: Receipt; received: Counters }>();
  #matches = 0;

  constructor(node: FakeNode) {
    this.#node = node;
    node.app = this;
  }

  opened(session: FakeSession): void {
    this.declared.delete(session.id);
  }

  gone(session: FakeSession): void {
    this.waiting = this.waiting.filter((waiting) => waiting.session !== session);
    for (const call of this.calls.values()) {
      const side = sideOf(call, session);
      if (side !== null) this.end(call, side, 'you', 'lost');
    }
  }

  /** The process ends and starts again. */
  restart(): void {
    this.waiting = [];
    this.calls.clear();
    this.#restoring.clear();
    this.#node.restart();
  }

  /** What pages of one device have said, by type. */
  saidBy(publicKey: string): string[] {
    return this.said
      .filter((said) => said.publicKey.startsWith(publicKey))
      .map((said) => said.message.type);
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
        if (this.waiting.length < before) {
          this.#node.send(session, { type: 'ticket.withdrawn', ticket });
        }
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
          match: read(message.receipt).match,
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
        const isOwn = proof === `proof-of-${session.publicKey}`;
        this.#node.send(
          session,
          isOwn ? { type: 'block.removed', id } : { type: 'block.kept', id, reason: 'bad-proof' },
        );
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
          id,
          code: 'FD-2345',
          outcome: 'FD-2345.proof-of-it',
          merged,
          ...(takes ? { pictures: `pictures-of-${id}` } : {}),
        });
        return;
      }
      case 'ticket.widen':
      case 'session.hello':
      case 'session.leave':
      case 'link.ack':
      case 'link.ping':
    }
  }

  /** Ends a call for both. */
  end(call: Call, side: Seat, own: CallEndReason, others: CallEndReason): void {
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

  // Searching.

  #create(session: FakeSession, ticket: TicketCreate): void {
    const refusal = this.refusals.shift() ?? this.#refusal(session, ticket);
    if (refusal !== null) {
      this.#node.send(session, { type: 'ticket.refused', ticket: ticket.ticket, ...refusal });
      return;
    }
    const interests = ticket.interests.map((interest) => interest.trim().toLowerCase());
    this.#node.send(session, {
      type: 'ticket.accepted',
      ticket: ticket.ticket,
      interests,
      waiting: this.waiting.length + this.others + 1,
      ...(this.usualWaitMs === null ? {} : { usualWaitMs: this.usualWaitMs }),
    });
    const at = this.waiting.findIndex(
      (waiting) =>
        this.matches &&
        waiting.ticket.mode === ticket.mode &&
        waiting.session.publicKey !== session.publicKey,
    );
    if (at < 0) {
      this.waiting.push({ session, ticket });
      return;
    }
    const [found] = this.waiting.splice(at, 1);
    assert(found !== undefined, 'it was just found');
    this.#match(found, { session, ticket });
  }

  #refusal(session: FakeSession, ticket: TicketCreate): { reason: TicketRefusal } | null {
    if (this.draining) return { reason: 'server-moving' };
    if (this.waiting.some((waiting) => waiting.session === session)) {
      return { reason: 'already-searching' };
    }
    if ([...this.calls.values()].some((call) => sideOf(call, session) !== null)) {
      return { reason: 'in-a-call' };
    }
    if (ticket.policyVersion !== this.#node.facts.policyVersion)
      return { reason: 'policy-changed' };
    return this.declared.has(session.id) ? null : { reason: 'age-required' };
  }

  #match(a: Waiting, b: Waiting): void {
    this.#matches += 1;
    const offerer: Seat = a.ticket.offer === undefined && b.ticket.offer !== undefined ? 'b' : 'a';
    const call: Call = {
      match: `match-${String(this.#matches).padStart(4, '0')}`,
      mode: a.ticket.mode,
      offerer,
      epoch: 1,
      counters: [0, 0],
      seats: {
        a: { session: a.session, direct: false, video: false, held: null },
        b: { session: b.session, direct: false, video: false, held: null },
      },
    };
    this.calls.set(call.match, call);
    const offer = (offerer === 'a' ? a : b).ticket.offer;
    for (const [side, waiting] of [
      ['a', a],
      ['b', b],
    ] as const) {
      this.#node.send(waiting.session, {
        type: 'match.found',
        match: call.match,
        epoch: call.epoch,
        ticket: waiting.ticket.ticket,
        ...this.#opened(call, side),
        sharedInterests: a.ticket.interests.filter((tag) => b.ticket.interests.includes(tag)),
        sharedLanguages: a.ticket.languages.filter((tag) => b.ticket.languages.includes(tag)),
        startedAtMs: 1_800_000_000_000,
        ...(side === offerer || offer === undefined ? {} : { offer }),
        offerUsed: side === offerer && offer !== undefined,
      });
    }
  }

  #opened(
    { match, mode, offerer, epoch }: Call,
    side: Seat,
  ): Pick<
    ServerMessageOf<'match.found'>,
    'side' | 'role' | 'mode' | 'transport' | 'directOffered' | 'videoOffered' | 'receipt'
  > {
    return {
      side,
      role: side === offerer ? 'offerer' : 'answerer',
      mode,
      transport: this.transport,
      directOffered: mode === 'video' && this.directOffered,
      videoOffered: mode === 'text',
      receipt: write({ match, side, mode, offerer, epoch }),
    };
  }

  // Within a call.

  #inCall(session: FakeSession, message: Extract<ClientMessage, { match: string }>): void {
    const call = this.calls.get(message.match);
    const side = call === undefined ? null : sideOf(call, session);
    if (message.type === 'call.end' && this.#endRestoring(message)) return;
    // Stale ones are dropped, without a fault.
    if (call === undefined || side === null || call.epoch !== message.epoch) return;
    const across = call.seats[other(side)].session;
    const { match, epoch } = call;
    switch (message.type) {
      case 'signal.offer':
      case 'signal.answer': {
        const { type, sdp } = message;
        this.#node.send(across, { type, match, epoch, sdp });
        return;
      }
      case 'signal.candidate': {
        const { type, candidate } = message;
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
      case 'direct.consent':
        call.seats[side].direct = message.allowed;
        for (const at of ['a', 'b'] as const) {
          const you = call.seats[at].direct;
          const stranger = call.seats[other(at)].direct;
          this.#node.send(call.seats[at].session, {
            type: 'direct.updated',
            match,
            epoch,
            you,
            stranger,
          });
        }
        return;
      case 'video.consent':
        this.#consentToVideo(call, side, message.allowed);
        return;
      case 'call.first-frame':
        return;
      case 'call.end':
        this.end(
          call,
          side,
          'you',
          message.reason === 'connect-failed' ? 'connect-failed' : 'left',
        );
        return;
      case 'chat.send': {
        if (this.lines === 'silence') return;
        if (this.lines !== 'accept') {
          const { id } = message;
          this.#node.send(session, { type: 'chat.refused', match, epoch, id, reason: this.lines });
          return;
        }
        const tagged = nextLine(side, call.counters, message.id, message.text);
        const atMs = 1_800_000_000_000 + this.lineEveryMs * sum(tagged.counters);
        const line = { ...tagged, atMs };
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

  #consentToVideo(call: Call, side: Seat, allowed: boolean): void {
    if (call.mode === 'video') return;
    const { match, epoch, seats } = call;
    seats[side].video = allowed;
    if (!allowed) seats[other(side)].video = false;
    const starts = seats.a.video && seats.b.video;
    if (starts) call.mode = 'video';
    for (const at of ['a', 'b'] as const) {
      const { session, video: you } = seats[at];
      const stranger = seats[other(at)].video;
      const { transport, directOffered, receipt } = this.#opened(call, at);
      if (starts) {
        const started = { transport, directOffered, receipt };
        this.#node.send(session, { type: 'video.started', match, epoch, ...started });
      } else {
        this.#node.send(session, { type: 'video.updated', match, epoch, you, stranger });
      }
    }
  }

  #deliver(call: Call, side: Seat, line: TaggedLine): void {
    const { session, held } = call.seats[side];
    const { match, epoch } = call;
    if (held !== null) held.lines.push(line);
    else this.#node.send(session, { type: 'chat.line', match, epoch, line });
  }

  #endRestoring({ match, epoch }: ClientMessageOf<'call.end'>): boolean {
    const waits = this.#restoring.get(match);
    if (waits?.receipt.epoch !== epoch) return false;
    return this.#restoring.delete(match);
  }

  #part(session: FakeSession, receipt: string): void {
    const call = this.calls.get(read(receipt).match);
    const side = call === undefined ? null : sideOf(call, session);
    if (call !== undefined && side !== null) this.end(call, side, 'you', 'left');
  }

  // Restoring.

  /** Nobody comes any more. */
  closeRestoreWindow(): void {
    for (const { session, receipt } of this.#restoring.values()) {
      const { match, epoch } = receipt;
      this.#node.send(session, { type: 'call.ended', match, epoch, reason: 'not-restored' });
    }
    this.#restoring.clear();
  }

  #restore(session: FakeSession, message: ClientMessageOf<'call.restore'>): void {
    const receipt = read(message.receipt);
    const { match, side } = receipt;
    const { latest, received } = message;
    assert(sum(latest?.counters ?? [0, 0]) === sum(received), 'the latest line vouches for them');
    const first = this.#restoring.get(match);
    if (first === undefined) {
      this.#restoring.set(match, { session, receipt, received });
      this.#node.send(session, { type: 'call.restoring', match, deadlineMs: 30_000 });
      return;
    }
    this.#restoring.delete(match);
    const sides = {
      [side]: { session, received },
      [first.receipt.side]: { session: first.session, received: first.received },
    } as Record<Seat, { session: FakeSession; received: Counters }>;
    const furthest =
      sum(sides.a.received) >= sum(sides.b.received) ? sides.a.received : sides.b.received;
    const seat = (at: Seat): SimSeat => ({
      session: sides[at].session,
      direct: false,
      video: false,
      held: sum(sides[at].received) < sum(furthest) ? { upTo: sum(furthest), lines: [] } : null,
    });
    const call: Call = {
      match,
      mode: [receipt.mode, first.receipt.mode].includes('video') ? 'video' : 'text',
      offerer: receipt.offerer,
      epoch: Math.max(receipt.epoch, first.receipt.epoch) + 1,
      counters: furthest,
      seats: { a: seat('a'), b: seat('b') },
    };
    this.calls.set(match, call);
    for (const at of ['a', 'b'] as const) {
      this.#node.send(sides[at].session, {
        type: 'call.restored',
        match,
        epoch: call.epoch,
        ...this.#opened(call, at),
        counters: furthest,
        peerReceived: sides[other(at)].received,
      });
    }
  }
}

function sideOf(call: Call, session: FakeSession): Seat | null {
  if (call.seats.a.session === session) return 'a';
  return call.seats.b.session === session ? 'b' : null;
}

function write(receipt: Receipt): string {
  return `receipt.${btoa(JSON.stringify(receipt)).replaceAll('=', '')}`;
}

function read(token: string): Receipt {
  return JSON.parse(atob(token.replace('receipt.', ''))) as Receipt;
}

import assert from 'node:assert/strict';
import { brandId, type SubjectId } from '@farandole/kernel/id';
import type {
  ClientMessage,
  ClientMessageOf,
  PassingClientMessage,
  SequencedClientMessage,
} from '@farandole/protocol/client-message';
import type { CloseReason } from '@farandole/protocol/close-codes';
import {
  type Counters,
  type Mode,
  SEATS,
  type Seat,
  type TaggedLine,
} from '@farandole/protocol/fields';
import { withAck } from '@farandole/protocol/frame-ack';
import { helloPayload } from '@farandole/protocol/hello-payload';
import { ACK_AFTER_FRAMES } from '@farandole/protocol/limits';
import { encodeClientMessage } from '@farandole/protocol/server-codec';
import type { ServerMessage, ServerMessageOf } from '@farandole/protocol/server-message';
import { parseServerMessage } from '@farandole/protocol/testing/parse-server-message';
import { PROTOCOL_VERSION } from '@farandole/protocol/version';
import { lineCount } from '../../src/line-tag.ts';
import { ClientStream, type PageFrame } from './client-stream.ts';
import { FakeDevice } from './fake-signer.ts';

export interface ClientSocket {
  send(frame: PageFrame): void;
  close(code: number): void;
}

export interface TestClientOptions {
  /** Name of the client, unique in its test. The user's id and device key are derived from it. */
  readonly name: string;
  readonly subject?: SubjectId;
  readonly device?: FakeDevice;
  readonly getTicket: (subject: SubjectId) => string;
  /** Whether the page restores its call after it lost the session. Defaults to true. */
  readonly restores?: boolean;
  readonly isNewPage?: boolean;
  /** Whether the client puts acknowledgements into its messages. Defaults to false. */
  readonly carriesAcks?: boolean;
  /**
   * Whether the client sends only what a real page would send. Such a client also tracks its
   * open search. Defaults to true.
   */
  readonly isHonest?: boolean;
  readonly keepsAll?: boolean;
}

/** A call as the page knows it, with the data needed to restore the call. */
export interface ClientCall {
  readonly match: string;
  readonly epoch: number;
  readonly side: Seat;
  readonly role: 'offerer' | 'answerer';
  readonly mode: Mode;
  /** Number of mode changes of the call. Absent means 0. */
  readonly step?: number | undefined;
  readonly receipt: string;
  readonly lines: readonly TaggedLine[];
  /**
   * Whether the page joined the call later, so that its transcript begins in the middle of the
   * conversation.
   */
  readonly isTail?: boolean;
}

interface SessionState {
  readonly id: string;
  readonly secret: string;
}

type Rejoin = NonNullable<ServerMessageOf<'session.opened'>['rejoin']>;

type SequencedType = SequencedClientMessage['type'];
type FieldsOf<T extends SequencedType> = Omit<ClientMessageOf<T>, 'type' | 'seq' | 'ack'>;

/**
 * A protocol client without a browser. Sends hello, buffers, acknowledges, resumes and restores.
 * Fails the test on a gap in the stream, a line out of order, or a message of a call that is
 * over.
 */
export class TestClient {
  readonly name: string;
  readonly subject: SubjectId;
  readonly device: FakeDevice;
  readonly #getTicket: TestClientOptions['getTicket'];
  readonly #restores: boolean;
  readonly #isHonest: boolean;
  readonly #isNewPage: boolean;
  readonly #keepsAll: boolean;
  readonly #carriesAcks: boolean;
  /** Whether the node of the current socket reads acknowledgements in messages. */
  #nodeReadsAcks = false;
  #socket: ClientSocket | null = null;
  #session: SessionState | null = null;
  #rejoin: Rejoin | null = null;
  #isBound = false;
  #stream: ClientStream;
  #pings = 0;
  #names = 0;
  #endedMatches = new Set<string>();
  replays = true;
  /**
   * Returns true for frames that the network loses on the way to the page. By default, none are
   * lost.
   */
  misses: (text: string) => boolean = () => false;
  /** Maximum number of latest chat lines that the page resends to the peer's new page. */
  replaysToNewPage = Number.POSITIVE_INFINITY;
  /** Whether the client accepts missing older chat lines, because another check covers them. */
  skipsLines = false;
  call: ClientCall | null = null;
  search: string | null = null;
  /** All messages received, without duplicates. Empty if `keepsAll` is false. */
  readonly received: ServerMessage[] = [];
  closedBy: CloseReason | null = null;
  /** Builds the hello that answers a challenge. Null for the usual hello. */
  helloWith: ((nonce: string, ticket: string) => ClientMessageOf<'session.hello'>) | null = null;

  constructor(options: TestClientOptions) {
    this.name = options.name;
    this.#stream = new ClientStream(options.name);
    this.subject = options.subject ?? brandId<SubjectId>(`subject-${options.name}`);
    this.device = options.device ?? new FakeDevice(options.name);
    this.#getTicket = options.getTicket;
    this.#restores = options.restores ?? true;
    this.#isHonest = options.isHonest ?? true;
    this.#isNewPage = options.isNewPage ?? false;
    this.#keepsAll = options.keepsAll ?? true;
    this.#carriesAcks = options.carriesAcks ?? false;
  }

  get isAttached(): boolean {
    return this.#socket !== null && this.#isBound;
  }

  get sessionId(): string | null {
    return this.#session?.id ?? null;
  }

  get unacknowledgedCount(): number {
    return this.#stream.unacknowledged.length;
  }

  get acknowledgedCount(): number {
    return this.#stream.acknowledged;
  }

  socketOpened(socket: ClientSocket): void {
    this.#socket = socket;
    this.#isBound = false;
    this.closedBy = null;
  }

  /** @param reason the node's reason to close the socket, or null if the socket was lost */
  socketClosed(reason: CloseReason | null): void {
    this.#socket = null;
    this.#isBound = false;
    this.closedBy = reason;
  }

  /** A node has told this page that its session is unknown. The page keeps its call. */
  forgetSession(): void {
    this.#session = null;
  }

  frameArrived(text: string): void {
    if (this.misses(text)) return;
    this.messageArrived(parseServerMessage(text));
  }

  /**
   * Handles a received message like `frameArrived`, but one that is already decoded and
   * validated.
   */
  messageArrived(message: ServerMessage): void {
    if ('seq' in message) {
      if (message.ack !== undefined) this.#stream.forget(message.ack);
      if (!this.#stream.take(message.seq)) return;
    }
    if (this.#keepsAll) this.received.push(message);
    this.#handle(message);
    if (this.#stream.untold >= ACK_AFTER_FRAMES) this.acknowledge();
  }

  acknowledge(): void {
    if (this.#stream.untold === 0) return;
    this.#tell({ type: 'link.ack', ack: this.#stream.tell() });
  }

  ping(): void {
    this.#pings += 1;
    const ack = this.#stream.tell();
    this.#tell({ type: 'link.ping', n: this.#pings, ack });
  }

  declareAge(answer: 'adult' | 'minor', policyVersion = 1): void {
    this.say('age.declare', { answer, policyVersion });
  }

  /** Starts a search. Returns the ticket id that the page chose. */
  searchFor(mode: Mode, wishes: Partial<FieldsOf<'ticket.create'>> = {}): string {
    const ticket = wishes.ticket ?? this.newName('ticket');
    this.search = ticket;
    this.say('ticket.create', {
      ticket,
      mode,
      interests: [],
      onlyShared: false,
      languages: [],
      policyVersion: 1,
      ...wishes,
    });
    return ticket;
  }

  withdraw(ticket = this.search): void {
    if (ticket !== null) this.say('ticket.withdraw', { ticket });
  }

  sayLine(text: string): string {
    const id = this.newName('line');
    this.say('chat.send', { ...this.inCall(), id, text });
    return id;
  }

  type(active: boolean): void {
    this.pass({ type: 'chat.typing', ...this.inCall(), active });
  }

  sayCandidate(candidate: string, more: Partial<FieldsOf<'signal.candidate'>['candidate']> = {}) {
    const fields = { candidate, sdpMid: '0', sdpMLineIndex: 0, ...more };
    this.say('signal.candidate', { ...this.inCall(), candidate: fields });
  }

  sayMedia(change: Partial<FieldsOf<'media.update'>['media']> = {}): void {
    const media = { camera: 'on', microphone: 'on', cover: 'covered', ...change } as const;
    this.say('media.update', { ...this.inCall(), media });
  }

  consentDirect(allowed: boolean): void {
    this.say('direct.consent', { ...this.inCall(), allowed });
  }

  /** Answers about the next mode of the call. */
  consentVideo(allowed: boolean, policyVersion = 1): void {
    this.say('video.consent', { ...this.inCall(), ...this.atStep(), allowed, policyVersion });
  }

  answerBell(more = false): void {
    this.say('round.answer', { ...this.inCall(), more });
  }

  lowerMode(mode: Mode): void {
    this.say('mode.lower', { ...this.inCall(), mode });
  }

  /** Sends an unsequenced message of a call. */
  pass(message: PassingClientMessage): void {
    this.#tell(message);
  }

  endCall(reason: FieldsOf<'call.end'>['reason']): void {
    this.say('call.end', { ...this.inCall(), reason });
  }

  block(receipt = this.call?.receipt, of?: Seat): void {
    assert.ok(receipt !== undefined, `${this.name} has no receipt`);
    this.say('block.create', { receipt, ...(of !== undefined && { of }) });
  }

  unblock(proof: string): string {
    const id = this.newName('unblock');
    this.say('block.remove', { id, proof });
    return id;
  }

  report(
    call: Pick<ClientCall, 'receipt' | 'lines'> | null = this.call,
    fields: Partial<FieldsOf<'report.create'>> = {},
  ): string {
    assert.ok(call !== null, `${this.name} has no call to report`);
    const id = fields.id ?? this.newName('report');
    this.say('report.create', {
      id,
      receipt: call.receipt,
      reason: 'other',
      lines: [...call.lines],
      ...fields,
    });
    return id;
  }

  leave(): void {
    this.#tell({ type: 'session.leave' });
  }

  close(code: number): void {
    this.#socket?.close(code);
  }

  /** Closes the page as a user would (`pagehide`). */
  hide(): void {
    if (this.call !== null) this.endCall('page-hidden');
    this.close(1001);
  }

  rejoin(): void {
    const rejoin = this.#rejoin;
    assert.ok(rejoin !== null, `${this.name} has no call to rejoin`);
    this.call = { ...rejoin, lines: [], isTail: true };
    this.say('call.restore', { receipt: rejoin.receipt, received: noLines(rejoin.mode) });
  }

  get texts(): readonly string[] {
    return this.call?.lines.map(({ text }) => text) ?? [];
  }

  inCall(): { readonly match: string; readonly epoch: number } {
    assert.ok(this.call !== null, `${this.name} is in no call`);
    return { match: this.call.match, epoch: this.call.epoch };
  }

  /** The field by which the node recognises messages of an earlier mode. */
  atStep(): { readonly step?: number } {
    const { step } = this.call ?? {};
    return step === undefined ? {} : { step };
  }

  newName(noun: string): string {
    this.#names += 1;
    return `${noun}-${this.name}-${this.#names}`;
  }

  /**
   * Sends a sequenced message at once. Without a socket, the message is sent at the next resume.
   */
  say<T extends SequencedType>(type: T, fields: FieldsOf<T>): void {
    const seq = this.#stream.nextPlace;
    const message = { type, seq, ...fields } as unknown as SequencedClientMessage;
    this.#saySequenced(frameOf(message));
  }

  /** Sends any text as a frame. It must contain the next sequence number. */
  saySequenced(text: string): void {
    this.#saySequenced({ text, message: null });
  }

  sayRaw(text: string): void {
    this.#write({ text, message: null });
  }

  all<T extends ServerMessage['type']>(type: T): readonly ServerMessageOf<T>[] {
    return this.received.filter((message): message is ServerMessageOf<T> => message.type === type);
  }

  /** Returns the latest received message of a type. Fails the test if there is none. */
  last<T extends ServerMessage['type']>(type: T): ServerMessageOf<T> {
    const found = this.all(type).at(-1);
    assert.ok(found !== undefined, `${this.name} got no ${type}`);
    return found;
  }

  #handle(message: ServerMessage): void {
    if ('match' in message && message.type !== 'call.restoring' && 'epoch' in message) {
      const isOver = this.#endedMatches.has(message.match);
      assert.ok(!isOver, `${this.name}: ${message.type} of a call that is over`);
    }
    switch (message.type) {
      case 'session.challenge':
        this.#nodeReadsAcks = message.acks === true;
        this.#sayHello(message.nonce);
        break;
      case 'session.opened':
        this.#startSession(message);
        break;
      case 'session.resumed':
        this.#resume(message.received);
        break;
      case 'link.pong':
      case 'link.ack':
        this.#stream.forget(message.ack);
        break;
      case 'ticket.refused':
      case 'ticket.withdrawn':
        if (this.search === message.ticket) this.search = null;
        break;
      case 'match.found':
        if (this.#isHonest) {
          assert.equal(message.ticket, this.search, `${this.name}: a match for another search`);
        }
        this.search = null;
        this.call = { ...message, lines: [] };
        break;
      case 'call.restored':
        this.#replay(message);
        break;
      case 'chat.line':
        this.#addLine(message.line);
        break;
      case 'video.started':
      case 'mode.lowered':
        if (this.call !== null) {
          const { mode = 'video', step, receipt } = message;
          this.call = { ...this.call, mode, step, receipt };
        }
        break;
      case 'call.ended':
        this.#endedMatches.add(message.match);
        if (this.call?.match === message.match) this.call = null;
        break;
      case 'restore.refused':
        if (message.reason !== 'busy') this.call = null;
        break;
      default:
        // Other messages change no state of the page.
        break;
    }
  }

  #sayHello(nonce: string): void {
    const session = this.#session;
    const ticket = this.#getTicket(this.subject);
    if (this.helloWith !== null) {
      this.#tell(this.helloWith(nonce, ticket));
      return;
    }
    const signature = this.device.sign(helloPayload(nonce, session?.id ?? ticket));
    const hello: ClientMessage = {
      type: 'session.hello',
      version: PROTOCOL_VERSION,
      ticket,
      ...(this.#isNewPage && session === null ? { newPage: true as const } : {}),
      device: { publicKey: this.device.publicKey, signature },
      ...(session === null
        ? {}
        : {
            resume: { session: session.id, secret: session.secret, received: this.#stream.taken },
          }),
    };
    this.#tell(hello);
  }

  #startSession({ session, secret, rejoin }: ServerMessageOf<'session.opened'>): void {
    this.#session = { id: session, secret };
    this.#rejoin = rejoin ?? null;
    this.#isBound = true;
    this.#stream = new ClientStream(this.name);
    this.search = null;
    if (this.call === null) return;
    if (!this.#restores) {
      this.call = null;
      return;
    }
    const { receipt, lines, mode } = this.call;
    const latest = lines.at(-1);
    this.say('call.restore', {
      receipt,
      received: latest?.counters ?? noLines(mode),
      ...(latest === undefined ? {} : { latest }),
    });
  }

  #resume(received: number): void {
    this.#isBound = true;
    this.#stream.forget(received);
    for (const frame of [...this.#stream.unacknowledged]) this.#write(frame);
  }

  #addLine(line: TaggedLine): void {
    assert.ok(this.call !== null, `${this.name}: a line without a call`);
    const before = this.call.lines.at(-1)?.counters ?? noLines(this.call.mode);
    const expected = before.map((count, at) => count + Number(SEATS[at] === line.side));
    const isFirst = this.call.isTail === true && this.call.lines.length === 0;
    const fault = `${this.name}: a line lost, doubled or out of order`;
    if (!isFirst && !this.skipsLines) assert.deepEqual(line.counters, expected, fault);
    this.call = { ...this.call, lines: [...this.call.lines, line] };
  }

  #replay(message: ServerMessageOf<'call.restored'>): void {
    // An attacker takes the refusal of another's receipt for that of its own.
    const isForgotten = this.call === null && !this.#isHonest;
    const call = isForgotten ? { ...message, lines: [], isTail: true } : this.call;
    assert.ok(call !== null, `${this.name}: another call is restored`);
    this.call = { ...call, ...message };
    const has = lineCount(message.peerReceived);
    if (!this.replays) return;
    const lacking = this.call.lines.filter(({ counters }) => lineCount(counters) > has);
    const isForNewPage = message.newPage === true && has === 0;
    for (const line of lacking.slice(isForNewPage ? -this.replaysToNewPage : 0)) {
      this.say('chat.replay', { ...this.inCall(), line });
    }
  }

  #saySequenced(frame: PageFrame): void {
    this.#stream.keep(frame);
    if (this.#isBound) this.#write(this.#withAck(frame));
  }

  #withAck(frame: PageFrame): PageFrame {
    const { message } = frame;
    const isDue = this.#stream.untold > 0 && this.#carriesAcks && this.#nodeReadsAcks;
    if (!isDue || message === null || !('seq' in message)) return frame;
    const ack = this.#stream.tell();
    return { text: withAck(frame.text, ack), message: { ...message, ack } };
  }

  #tell(message: ClientMessage): void {
    this.#write(frameOf(message));
  }

  #write(frame: PageFrame): void {
    this.#socket?.send(frame);
  }
}

function noLines(mode: Mode): Counters {
  return mode === 'question' ? [0, 0, 0] : [0, 0];
}

function frameOf(message: ClientMessage): PageFrame {
  return { text: encodeClientMessage(message), message };
}

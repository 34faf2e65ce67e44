import { assert } from '@farandole/kernel/assert';
import { ok, type Result, refused } from '@farandole/kernel/result';
import type { ClientMessage, SequencedClientMessage } from '@farandole/protocol/client-message';
import { CLOSES, type CloseReason } from '@farandole/protocol/close-codes';
import { decodeClientMessage, encodeServerMessage } from '@farandole/protocol/codec';
import { withAck } from '@farandole/protocol/frame-ack';
import { helloPayload } from '@farandole/protocol/hello-payload';
import type {
  IceServer,
  IceServersReply,
  ProofNeededReply,
  ServerFacts,
  SessionTicketAnswer,
  SessionTicketRequest,
} from '@farandole/protocol/http-api';
import type {
  PassingServerMessage,
  SequencedServerMessage,
  ServerMessage,
  ServerMessageOf,
  Unsequenced,
} from '@farandole/protocol/server-message';
import { SHIELD_DEFAULTS } from '@farandole/protocol/shield-rules';
import type { RejoinableCall } from '../call/call-state.ts';
import type { Api, ApiFault, DeviceKey, Prove } from '../signal/ports.ts';
import { FakeLink, type NodeSocket, type NodeSocketListener } from './fake-link.ts';

const ACKNOWLEDGES_EACH = 3;

const FAKE_CHALLENGE: ProofNeededReply = {
  attemptsMax: 4,
  challenge: {
    parameters: {
      algorithm: 'PBKDF2/SHA-256',
      nonce: '00',
      salt: '00',
      cost: 1,
      keyLength: 32,
      keyPrefix: '00',
      keySignature: '00',
      expiresAt: 1_800_000_000,
    },
    signature: '00',
  },
};

/** Solves the fake node's challenge at once. */
export const fakeProve: Prove = ({ challenge }) =>
  Promise.resolve({ challenge, solution: { counter: 0, derivedKey: '00' } });

/** Returns a device key with fake signatures that a test can compute too. */
export function fakeDeviceKey(name: string): DeviceKey {
  const publicKey = name.padEnd(87, 'k');
  return { publicKey, sign: (payload) => Promise.resolve(signatureOf(publicKey, payload)) };
}

function signatureOf(publicKey: string, payload: string): string {
  // The fake signature is an FNV-1a hash of key and payload.
  let hash = 0x811c9dc5;
  for (const char of `${publicKey}\n${payload}`) {
    hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  }
  return (hash >>> 0).toString(36).padEnd(86, 'A');
}

export interface FakeSession {
  readonly id: string;
  readonly publicKey: string;
  secret: string;
  /**
   * All secrets that the node issued for this session. Older ones stay valid, because the reply
   * with a newer one may be lost.
   */
  readonly secrets: Set<string>;
  socket: NodeSocket | null;
  readonly kept: { readonly seq: number; readonly text: string }[];
  sent: number;
  taken: number;
  /** Whether the page has put an acknowledgement into a message. */
  readsAcks: boolean;
  /** If true, all frames to this session are lost until the page opens a new socket. */
  deaf: boolean;
}

export type ToPage = Unsequenced<SequencedServerMessage>;

export interface FakeNodeApp {
  opened(session: FakeSession): void;
  message(session: FakeSession, message: ClientMessage): void;
  gone(session: FakeSession): void;
}

/**
 * A fake node that follows SPEC.md. It issues tickets and challenges and handles sessions and
 * streams. It decodes every frame with the real decoder and records each protocol violation.
 */
export class FakeNode {
  readonly link: FakeLink;
  readonly api: Api;
  pings = 0;
  /** Protocol violations that pages committed. Tests assert that the list is empty. */
  readonly faults: string[] = [];
  readonly sessions = new Map<string, FakeSession>();
  readonly hellos: Extract<ClientMessage, { type: 'session.hello' }>[] = [];
  facts: ServerFacts = {
    relay: 'direct',
    hasTurn: false,
    ageRequired: 'declared',
    policyVersion: 1,
    sourceUrl: null,
    operator: { name: null, contact: null },
    helpLines: { anybody: null, children: null },
    shield: SHIELD_DEFAULTS,
    pictures: false,
    desk: { halfWithinHours: null, overturnedPercent: null },
    houseRules: null,
    busiest: null,
    pushKey: null,
  };
  iceServers: readonly IceServer[] = [];
  versions = { min: 1, max: 1 };
  /** Whether the fake node reads acknowledgements in the messages of a new socket. */
  readsAcks: () => boolean = () => true;
  rejoin: RejoinableCall | null = null;
  age: ServerMessageOf<'session.opened'>['age'] = { state: 'unknown', refused: false };
  httpFault: ApiFault | null = null;
  /** Whether the fake node gives tickets only for a proof of work. */
  needsProof = false;
  rejectsProofs = false;
  ticketRequests = 0;
  ticketsGiven = 0;
  iceRequests = 0;
  /** If set, the fake node replies to a request for ICE servers only after this promise. */
  iceGate: Promise<void> | null = null;
  app: FakeNodeApp | null = null;
  readonly #tickets = new Set<string>();
  /** Tickets with which no socket was opened yet. */
  readonly #unopened = new Set<string>();
  #names = 0;

  constructor() {
    this.link = new FakeLink((socket, token) =>
      this.#admits(token) ? this.#accept(socket) : null,
    );
    this.api = {
      sessionTicket: (request) => Promise.resolve(this.#sessionTicket(request)),
      iceServers: async () => {
        this.iceRequests += 1;
        await this.iceGate;
        return ok(this.#iceServers());
      },
    };
  }

  /** Sends a sequenced message and stores it until the page acknowledges it. */
  send(session: FakeSession, message: ToPage): void {
    session.sent += 1;
    const text = encodeServerMessage({ ...message, seq: session.sent });
    session.kept.push({ seq: session.sent, text });
    if (session.deaf) return;
    const { taken: ack, readsAcks } = session;
    session.socket?.send(readsAcks ? withAck(text, ack) : text);
  }

  pass(session: FakeSession, message: PassingServerMessage): void {
    if (!session.deaf) session.socket?.send(encodeServerMessage(message));
  }

  /** Closes the socket of a session. Some close reasons also end the session. */
  close(session: FakeSession, reason: CloseReason): void {
    session.socket?.close(CLOSES[reason].code, reason);
    session.socket = null;
    if (CLOSES[reason].after !== 'resume') this.#end(session);
  }

  /** Restarts the fake node. All sessions are lost, but the receipts of calls stay valid. */
  restart(): void {
    this.link.cutNow('close');
    this.sessions.clear();
    this.#tickets.clear();
    this.#unopened.clear();
  }

  #sessionTicket({ resume, proof }: SessionTicketRequest): Result<SessionTicketAnswer, ApiFault> {
    if (this.httpFault !== null) return refused(this.httpFault);
    this.ticketRequests += 1;
    if (resume !== undefined && this.#canResume(resume)) return ok({ resumes: true });
    if (this.needsProof && (proof === undefined || this.rejectsProofs)) return ok(FAKE_CHALLENGE);
    this.ticketsGiven += 1;
    const ticket = this.#name('ticket-of-a-session');
    this.#tickets.add(ticket);
    this.#unopened.add(ticket);
    return ok({
      ticket,
      ticketExpiresInMs: 60_000,
      server: this.facts,
    });
  }

  /** Returns whether a token permits a socket. A ticket permits only one socket. */
  #admits(token: string): boolean {
    return this.#unopened.delete(token) || this.#canResume(token);
  }

  #canResume(secret: string): boolean {
    return [...this.sessions.values()].some(({ secrets }) => secrets.has(secret));
  }

  #iceServers(): IceServersReply {
    return { iceServers: [...this.iceServers], expiresInMs: 600_000 };
  }

  #name(kind: string): string {
    this.#names += 1;
    return `${kind}-${String(this.#names).padStart(4, '0')}`;
  }

  #accept(socket: NodeSocket): NodeSocketListener {
    let session: FakeSession | null = null;
    const nonce = this.#name('nonce-of-a-socket');
    const fault = (reason: CloseReason, why: string): void => {
      this.faults.push(`${reason}: ${why}`);
      socket.close(CLOSES[reason].code, reason);
    };
    const acks = this.readsAcks();
    const offer = { versions: this.versions, ...(acks && { acks }) };
    socket.send(encodeServerMessage({ type: 'session.challenge', nonce, ...offer }));
    return {
      message: (text) => {
        const decoded = decodeClientMessage(text, new TextEncoder().encode(text).length);
        const isUnread = decoded.ok && 'seq' in decoded.value && 'ack' in decoded.value && !acks;
        if (!decoded.ok || isUnread) {
          fault(decoded.ok ? 'malformed' : decoded.reason, text);
          return;
        }
        if (session === null) session = this.#hello(socket, nonce, decoded.value, fault);
        else if (session.socket === socket) this.#take(session, decoded.value, text, fault);
      },
      closed: (code) => {
        if (session?.socket !== socket) return;
        session.socket = null;
        if (code === 1000 || code === 1001) this.#end(session);
      },
    };
  }

  #hello(
    socket: NodeSocket,
    nonce: string,
    hello: ClientMessage,
    fault: (reason: CloseReason, why: string) => void,
  ): FakeSession | null {
    if (hello.type !== 'session.hello') {
      fault('out-of-order', 'no hello');
      return null;
    }
    this.hellos.push(hello);
    const bearer = hello.resume?.session ?? hello.ticket ?? '';
    if (
      hello.device.signature !== signatureOf(hello.device.publicKey, helloPayload(nonce, bearer))
    ) {
      fault('device-refused', bearer);
      return null;
    }
    return hello.resume === undefined
      ? this.#open(socket, hello.ticket, hello.device.publicKey, fault)
      : this.#resume(socket, hello.resume, hello.device.publicKey, fault);
  }

  #open(
    socket: NodeSocket,
    ticket: string | undefined,
    publicKey: string,
    fault: (reason: CloseReason, why: string) => void,
  ): FakeSession | null {
    if (ticket === undefined || !this.#tickets.delete(ticket)) {
      fault('ticket-refused', ticket ?? 'none');
      return null;
    }
    const id = this.#name('session');
    const secret = this.#name('secret-of-session');
    const secrets = new Set([secret]);
    const session = {
      id,
      publicKey,
      secret,
      secrets,
      socket,
      kept: [],
      sent: 0,
      taken: 0,
      readsAcks: false,
      deaf: false,
    };
    this.sessions.set(id, session);
    const opened: ServerMessage = {
      type: 'session.opened',
      session: id,
      secret,
      received: 0,
      receipt: this.#name('receipt-of-session'),
      ice: this.#iceServers(),
      age: this.age,
      ...(this.rejoin === null ? {} : { rejoin: this.rejoin }),
      policyVersion: this.facts.policyVersion,
    };
    socket.send(encodeServerMessage(opened));
    this.app?.opened(session);
    return session;
  }

  #resume(
    socket: NodeSocket,
    resume: { session: string; secret: string; received: number },
    publicKey: string,
    fault: (reason: CloseReason, why: string) => void,
  ): FakeSession | null {
    const session = this.sessions.get(resume.session);
    if (session === undefined) {
      // Resuming an unknown session is no protocol violation, because the page can't know that its
      // session is gone.
      socket.close(CLOSES['session-reset'].code, 'session-reset');
      return null;
    }
    if (!session.secrets.has(resume.secret) || session.publicKey !== publicKey) {
      fault('session-reset', 'a resume that is not its own');
      return null;
    }
    if (!this.#acknowledge(session, resume.received)) {
      fault('out-of-order', `acknowledges ${resume.received} of ${session.sent}`);
      return null;
    }
    session.socket = socket;
    session.deaf = false;
    session.secret = this.#name('secret-of-session');
    session.secrets.add(session.secret);
    const { id, secret, taken } = session;
    socket.send(
      encodeServerMessage({ type: 'session.resumed', session: id, secret, received: taken }),
    );
    for (const frame of session.kept) socket.send(frame.text);
    return session;
  }

  #take(
    session: FakeSession,
    message: ClientMessage,
    text: string,
    fault: (reason: CloseReason, why: string) => void,
  ): void {
    if ('seq' in message) this.#takeSequenced(session, message, text, fault);
    else if (message.type === 'session.hello') fault('out-of-order', 'a second hello');
    else if (message.type === 'session.leave') this.#end(session);
    else if ('match' in message) this.app?.message(session, message);
    else if (!this.#acknowledge(session, message.ack)) {
      fault('out-of-order', `acknowledges ${message.ack} of ${session.sent}`);
    } else if (message.type === 'link.ping') {
      this.pings += 1;
      this.pass(session, { type: 'link.pong', n: message.n, ack: session.taken });
    }
  }

  #takeSequenced(
    session: FakeSession,
    message: SequencedClientMessage,
    text: string,
    fault: (reason: CloseReason, why: string) => void,
  ): void {
    session.readsAcks ||= message.ack !== undefined;
    if (!this.#acknowledge(session, message.ack ?? 0)) {
      fault('out-of-order', `acknowledges ${message.ack} of ${session.sent}`);
      return;
    }
    if (message.seq <= session.taken) return;
    if (message.seq !== session.taken + 1) {
      fault('out-of-order', `${message.seq} after ${session.taken}: ${text}`);
      return;
    }
    session.taken = message.seq;
    if (session.taken % ACKNOWLEDGES_EACH === 0) {
      this.pass(session, { type: 'link.ack', ack: session.taken });
    }
    this.app?.message(session, message);
  }

  #acknowledge(session: FakeSession, received: number): boolean {
    if (received > session.sent) return false;
    while (session.kept[0] !== undefined && session.kept[0].seq <= received) session.kept.shift();
    // A page must acknowledge frames in order and without a gap.
    assert(session.kept.length <= session.sent - received, 'acknowledged out of order');
    return true;
  }

  #end(session: FakeSession): void {
    if (!this.sessions.delete(session.id)) return;
    this.app?.gone(session);
  }
}

import type { Clock } from '@farandole/kernel/clock';
import type { ClientMessage } from '@farandole/protocol/client-message';
import { type CloseReason, closeReasonOf } from '@farandole/protocol/close-codes';
import { helloPayload } from '@farandole/protocol/hello-payload';
import type {
  Proof,
  ProofNeededReply,
  SessionTicketReply,
  SessionTicketRequest,
} from '@farandole/protocol/http-api';
import { decodeServerMessage, encodeClientMessage } from '@farandole/protocol/server-codec';
import type { ServerMessage, ServerMessageOf } from '@farandole/protocol/server-message';
import { PROTOCOL_VERSION } from '@farandole/protocol/version';
import type {
  Api,
  DeviceKey,
  OpenSocket,
  PrepareProof,
  Prove,
  Scheduler,
  Socket,
  SocketListener,
  TicketFault,
} from './ports.ts';

export interface AttemptPorts {
  readonly api: Api;
  readonly openSocket: OpenSocket;
  readonly prepareProof: PrepareProof;
  readonly prove: Prove;
  readonly deviceKey: () => Promise<DeviceKey>;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
}

/**
 * The values of a session that the hello message contains. The page reads them when it writes
 * the hello.
 */
export interface ResumableSession {
  readonly id: string;
  readonly secret: string;
  /**
   * Whether the server may have refused the last resume. The browser doesn't show why a socket
   * failed, so the attempt then asks the server by HTTP whether the session still exists.
   */
  readonly isDoubted: boolean;
  /**
   * Returns the sequence number of the last accepted frame. The hello message contains it and so
   * acknowledges this frame.
   */
  tellTaken(): number;
}

export type AttemptEnd =
  /** The connection attempt timed out, its socket failed, or a frame was invalid. */
  | { readonly end: 'failed' }
  | { readonly end: 'no-ticket'; readonly fault: TicketFault }
  /** `reason` is null if the protocol doesn't define the socket's close code. */
  | { readonly end: 'closed'; readonly reason: CloseReason | null }
  | { readonly end: 'version' };

export type MessageAfterHello = Exclude<ServerMessage, { type: 'session.challenge' }>;

export interface AttemptEvents {
  ticketGiven(reply: SessionTicketReply): void;
  /** Called if the session to resume no longer exists. The attempt then opens a new session. */
  sessionGone(): void;
  /** Called with the completed part of a long proof of work, from 0 to 1. */
  proving(share: number): void;
  message(message: MessageAfterHello): void;
  heard(): void;
  /** Called once, as the last event of the connection attempt. Not called after `abandon`. */
  ended(end: AttemptEnd): void;
}

/**
 * An attempt to get a session and, if it succeeds, the session's socket. If there is no session
 * to resume, it first requests a ticket, which may take a proof of work. Then it opens a socket and
 * answers the server's challenge.
 */
export class LinkAttempt {
  readonly startedAtMs: number;
  readonly #ports: AttemptPorts;
  readonly #events: AttemptEvents;
  #resume: ResumableSession | null;
  readonly #isNewPage: boolean;
  readonly #silenceMs: number;
  #cancelTimeout: () => void = () => {};
  #ticket: string | null = null;
  #socket: Socket | null = null;
  #hasHeard = false;
  #over = false;
  #stands = false;
  #readsAcks = false;

  /**
   * Starts the connection attempt at once.
   * @param resume the session to resume; `new-page` for the first session of this page
   * @param silenceMs timeout of each step until `stand`
   */
  constructor(
    ports: AttemptPorts,
    resume: ResumableSession | 'new-page' | null,
    silenceMs: number,
    events: AttemptEvents,
  ) {
    this.#ports = ports;
    this.#isNewPage = resume === 'new-page';
    this.#resume = resume === 'new-page' ? null : resume;
    this.#events = events;
    this.startedAtMs = ports.clock.monotonicMs();
    this.#silenceMs = silenceMs;
    this.#wait();
    if (this.#resume === null) void this.#fetchTicket({});
    else if (this.#resume.isDoubted) void this.#fetchTicket({ resume: this.#resume.secret });
    else this.#openSocket(this.#resume.secret);
  }

  /** True if the socket to resume a session failed before its first message, as when refused. */
  get mayBeRefused(): boolean {
    return this.#resume !== null && this.#socket !== null && !this.#hasHeard;
  }

  /** Whether the connection attempt has succeeded and its socket carries a session. */
  get stands(): boolean {
    return this.#stands;
  }

  /** Whether the server reads `ack` in sequenced messages of this socket. */
  get readsAcks(): boolean {
    return this.#readsAcks;
  }

  /** Handles the server's message that it opened or resumed the session. */
  stand(): void {
    this.#stands = true;
    this.#cancelTimeout();
  }

  send(message: ClientMessage): void {
    this.sendFrame(encodeClientMessage(message));
  }

  sendFrame(frame: string): void {
    this.#socket?.send(frame);
  }

  /** Ends the connection attempt without an event. `closed` is that of `Socket.close`. */
  abandon(code: number, closed?: () => void): void {
    if (this.#over) return;
    this.#over = true;
    this.#stands = false;
    this.#cancelTimeout();
    this.#socket?.close(code, '', closed);
  }

  fail(): void {
    this.#end({ end: 'failed' });
  }

  /**
   * Starts the timeout of the attempt again. The server's answer shows that the network works
   * but is slow, so the next step gets the full time.
   */
  #wait(): void {
    this.#cancelTimeout();
    this.#cancelTimeout = this.#ports.scheduler.after(this.#silenceMs, () => this.fail());
  }

  #end(end: AttemptEnd): void {
    if (this.#over) return;
    this.abandon(ABANDON_CODE);
    this.#events.ended(end);
  }

  async #fetchTicket(request: SessionTicketRequest): Promise<void> {
    const dismissSolver = request.proof === undefined ? this.#ports.prepareProof() : () => {};
    const reply = await this.#ports.api.sessionTicket(request);
    if (this.#over || !reply.ok || !('challenge' in reply.value)) dismissSolver();
    if (this.#over) return;
    this.#wait();
    if (!reply.ok) this.#end({ end: 'no-ticket', fault: reply.reason });
    else if ('challenge' in reply.value) await this.#prove(reply.value, request);
    else if ('ticket' in reply.value) this.#takeTicket(reply.value);
    else this.#openSocket(request.resume ?? '');
  }

  async #prove(needed: ProofNeededReply, request: SessionTicketRequest): Promise<void> {
    // The timeout is stopped during a proof of work, because the proof can take longer.
    this.#cancelTimeout();
    let proof: Proof | null;
    try {
      proof = await this.#ports.prove(needed, (share) => {
        if (!this.#over) this.#events.proving(share);
      });
    } catch {
      this.fail();
      return;
    }
    if (this.#over) return;
    if (proof === null) this.#end({ end: 'no-ticket', fault: 'unproven' });
    else if (request.proof === undefined) await this.#fetchTicket({ ...request, proof });
    // The server refused a proof, for instance because the network has changed.
    else this.fail();
  }

  #takeTicket(reply: SessionTicketReply): void {
    if (this.#resume !== null) {
      this.#resume = null;
      this.#events.sessionGone();
    }
    this.#ticket = reply.ticket;
    // The socket opens only after the ticket has arrived, because the HTTP reply with the ticket
    // may set the cookie that the socket's request needs.
    this.#openSocket(reply.ticket);
    this.#events.ticketGiven(reply);
  }

  #openSocket(token: string): void {
    const listener: SocketListener = {
      message: (text) => {
        if (this.#over) return;
        this.#hasHeard = true;
        this.#events.heard();
        const message = decodeServerMessage(text);
        if (message === null) return;
        if (message.type === 'session.challenge') void this.#answer(message);
        else this.#events.message(message);
      },
      closed: (_code, reason) => this.#end({ end: 'closed', reason: closeReasonOf(reason) }),
    };
    this.#socket = this.#ports.openSocket(listener, token);
  }

  async #answer(challenge: ServerMessageOf<'session.challenge'>): Promise<void> {
    const { min, max } = challenge.versions;
    if (PROTOCOL_VERSION < min || PROTOCOL_VERSION > max) {
      this.#end({ end: 'version' });
      return;
    }
    this.#readsAcks = challenge.acks === true;
    this.#wait();
    const resume = this.#resume;
    const bearer = resume?.id ?? this.#ticket ?? '';
    let device: { publicKey: string; signature: string };
    try {
      const key = await this.#ports.deviceKey();
      const signature = await key.sign(helloPayload(challenge.nonce, bearer));
      device = { publicKey: key.publicKey, signature };
    } catch {
      this.fail();
      return;
    }
    if (this.#over) return;
    this.send({
      type: 'session.hello',
      version: PROTOCOL_VERSION,
      device,
      ...(this.#ticket === null ? {} : { ticket: this.#ticket }),
      ...(this.#isNewPage ? { newPage: true } : {}),
      ...(resume === null
        ? {}
        : {
            resume: { session: resume.id, secret: resume.secret, received: resume.tellTaken() },
          }),
    });
  }
}

/**
 * Close code for a socket that counts as lost. With the codes 1000 and 1001 the server would end
 * the session.
 */
export const ABANDON_CODE = 4000;

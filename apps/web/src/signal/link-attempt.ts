import type { Clock } from '@farandole/kernel/clock';
import type { ClientMessage } from '@farandole/protocol/client-message';
import { type CloseReason, closeReasonOf } from '@farandole/protocol/close-codes';
import { helloPayload } from '@farandole/protocol/hello-payload';
import type { SessionTicketReply } from '@farandole/protocol/http-api';
import { decodeServerMessage, encodeClientMessage } from '@farandole/protocol/server-codec';
import type { ServerMessage, ServerMessageOf } from '@farandole/protocol/server-message';
import { PROTOCOL_VERSION } from '@farandole/protocol/version';
import type { Api, ApiFault, DeviceKey, OpenSocket, Scheduler, Socket } from './ports.ts';

export interface AttemptPorts {
  readonly api: Api;
  readonly openSocket: OpenSocket;
  readonly deviceKey: () => Promise<DeviceKey>;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
}

/** A session to resume, as it is when the hello is written. */
export interface ResumableSession {
  readonly id: string;
  readonly secret: string;
  /** The last sequenced frame of the node's that was taken; the hello tells it. */
  tellTaken(): number;
}

/** Why an attempt, or the link that it became, is over. */
export type AttemptEnd =
  /** No session in time, the socket is dead, or the frames made no sense. */
  | { readonly end: 'failed' }
  | { readonly end: 'no-ticket'; readonly fault: ApiFault }
  /** `reason` is null for a close that is not of this protocol. */
  | { readonly end: 'closed'; readonly reason: CloseReason | null }
  | { readonly end: 'version' };

export type MessageAfterHello = Exclude<ServerMessage, { type: 'session.challenge' }>;

export interface AttemptEvents {
  ticketGiven(reply: SessionTicketReply): void;
  message(message: MessageAfterHello): void;
  /** Any frame at all came. */
  heard(): void;
  /** Once, and nothing after it. Not called for `abandon`. */
  ended(end: AttemptEnd): void;
}

/**
 * One try to get a session, and the socket of that session if it succeeds: a ticket where there
 * is nothing to resume, a socket, the answer to the node's challenge.
 */
export class LinkAttempt {
  readonly startedAtMs: number;
  readonly #ports: AttemptPorts;
  readonly #events: AttemptEvents;
  readonly #resume: ResumableSession | 'new-page' | null;
  readonly #silenceMs: number;
  #cancelTimeout: () => void = () => {};
  #ticket: string | null = null;
  #socket: Socket | null = null;
  #over = false;
  #stands = false;

  /**
   * Starts at once.
   *
   * @param resume `new-page`: nothing, and this page has had no session yet
   * @param silenceMs how long it may hear nothing, until `stand`
   */
  constructor(
    ports: AttemptPorts,
    resume: ResumableSession | 'new-page' | null,
    silenceMs: number,
    events: AttemptEvents,
  ) {
    this.#ports = ports;
    this.#resume = resume;
    this.#events = events;
    this.startedAtMs = ports.clock.monotonicMs();
    this.#silenceMs = silenceMs;
    this.#wait();
    if (resume === null || resume === 'new-page') void this.#fetchTicket();
    else this.#openSocket();
  }

  /** Whether a session stands on it. */
  get stands(): boolean {
    return this.#stands;
  }

  /** The node opened or resumed the session. */
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

  /** Ends it from this side, with no further event. */
  abandon(code: number): void {
    if (this.#over) return;
    this.#over = true;
    this.#stands = false;
    this.#cancelTimeout();
    this.#socket?.close(code, '');
  }

  /** Ends it as failed. */
  fail(): void {
    this.#end({ end: 'failed' });
  }

  /** The network is there, however slow: what is asked next has its time. */
  #wait(): void {
    this.#cancelTimeout();
    this.#cancelTimeout = this.#ports.scheduler.after(this.#silenceMs, () => this.fail());
  }

  #end(end: AttemptEnd): void {
    if (this.#over) return;
    this.abandon(ABANDON_CODE);
    this.#events.ended(end);
  }

  async #fetchTicket(): Promise<void> {
    const reply = await this.#ports.api.sessionTicket();
    if (this.#over) return;
    if (!reply.ok) {
      this.#end({ end: 'no-ticket', fault: reply.reason });
      return;
    }
    this.#ticket = reply.value.ticket;
    this.#wait();
    // After the ticket, and not beside it: the socket's request must carry the cookie that the
    // ticket's answer may have set.
    this.#openSocket();
    this.#events.ticketGiven(reply.value);
  }

  #openSocket(): void {
    this.#socket = this.#ports.openSocket({
      message: (text) => {
        if (this.#over) return;
        this.#events.heard();
        const message = decodeServerMessage(text);
        if (message === null) return;
        if (message.type === 'session.challenge') void this.#answer(message);
        else this.#events.message(message);
      },
      closed: (_code, reason) => this.#end({ end: 'closed', reason: closeReasonOf(reason) }),
    });
  }

  async #answer(challenge: ServerMessageOf<'session.challenge'>): Promise<void> {
    const { min, max } = challenge.versions;
    if (PROTOCOL_VERSION < min || PROTOCOL_VERSION > max) {
      this.#end({ end: 'version' });
      return;
    }
    this.#wait();
    const isNewPage = this.#resume === 'new-page';
    const resume = this.#resume === 'new-page' ? null : this.#resume;
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
      ...(isNewPage ? { newPage: true } : {}),
      ...(resume === null
        ? {}
        : {
            resume: { session: resume.id, secret: resume.secret, received: resume.tellTaken() },
          }),
    });
  }
}

/** Closes a socket whose session may go on: neither 1000 nor 1001, which would end it. */
export const ABANDON_CODE = 4000;

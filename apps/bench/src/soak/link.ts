import { CLOSES } from '@farandole/protocol/close-codes';
import { helloPayload } from '@farandole/protocol/hello-payload';
import { SOCKET_PATH, SUBPROTOCOL } from '@farandole/protocol/http-api';
import {
  ACK_AFTER_FRAMES,
  ACK_AFTER_MS,
  ACK_ALONG_AFTER_MS,
  LINK_PING_AFTER_MS,
} from '@farandole/protocol/limits';
import type { ServerMessage } from '@farandole/protocol/server-message';
import { PROTOCOL_VERSION } from '@farandole/protocol/version';
import { WebSocket } from 'ws';
import type { CrowdCounts } from './crowd-counts.ts';
import type { SoakPerson } from './soak-person.ts';

/** Contains the ticket of a new session, or the secret of a session to resume. */
type Bearer = { readonly ticket: string } | { readonly session: string; readonly secret: string };

export interface LinkParts {
  readonly person: SoakPerson;
  readonly port: number;
  readonly counts: CrowdCounts;
  /**
   * Callback for each message, called once per message and in order, also across several
   * sockets.
   */
  readonly onMessage: (message: ServerMessage) => void;
  /** Callback for a socket that the node closed because the user is suspended. */
  readonly onClosed: () => void;
}

/**
 * The message stream of one session over several sockets. As in the page, messages are numbered,
 * acknowledged, and resent after the socket is cut. Detects missing, repeated and reordered
 * messages.
 */
export class Link {
  readonly #parts: LinkParts;
  #bearer: Bearer;
  #socket: WebSocket | null = null;
  #isWelcome = false;
  #sequence = 0;
  #unacknowledged: { readonly sequence: number; readonly frame: string }[] = [];
  #received = 0;
  #acknowledged = 0;
  /** Time at which the oldest unacknowledged frame arrived; null if all frames are acknowledged. */
  #owedSinceMs: number | null = null;
  #heardAtMs = 0;
  #pings = 0;

  constructor(parts: LinkParts, ticket: string) {
    this.#parts = parts;
    this.#bearer = { ticket };
  }

  get #token(): string {
    return 'ticket' in this.#bearer ? this.#bearer.ticket : this.#bearer.secret;
  }

  get isConnected(): boolean {
    return this.#socket !== null;
  }

  /** @throws Error when the node refuses the socket */
  async connect(): Promise<void> {
    const { person, port, onClosed } = this.#parts;
    const socket = new WebSocket(
      `ws://127.0.0.1:${port}${SOCKET_PATH}`,
      [SUBPROTOCOL, this.#token],
      {
        localAddress: person.from,
        perMessageDeflate: false,
        headers: { Host: `localhost:${port}`, ...person.headers(port) },
      },
    );
    this.#socket = socket;
    // The message listener is attached before the event `open`, because the node's challenge
    // arrives together with the response to the upgrade.
    socket.on('message', (data: Buffer) => {
      if (this.#socket !== socket) return;
      this.#take(socket, JSON.parse(data.toString('utf8')) as ServerMessage);
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    socket.on('error', () => {});
    socket.once('close', (code, reason) => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      this.#closedByNode(code, reason.toString('utf8'));
      onClosed();
    });
  }

  /** Drops the socket without a close frame. Messages sent afterwards are queued. */
  cut(): void {
    const socket = this.#socket;
    this.#socket = null;
    this.#isWelcome = false;
    socket?.terminate();
  }

  async close(): Promise<void> {
    const socket = this.#socket;
    this.#socket = null;
    this.#isWelcome = false;
    if (socket === null || socket.readyState === WebSocket.CLOSED) return;
    const closed = new Promise<void>((resolve) => {
      socket.once('close', () => resolve());
    });
    socket.close(1000);
    await closed;
  }

  pause(): void {
    this.#socket?.pause();
  }

  unpause(): void {
    this.#socket?.resume();
  }

  /** Sends a message that must be delivered exactly once. */
  say(type: string, fields: object): void {
    this.#sequence += 1;
    const frame = JSON.stringify({ type, seq: this.#sequence, ...fields });
    this.#unacknowledged.push({ sequence: this.#sequence, frame });
    if (this.#isWelcome) this.#tellTakenAfter(ACK_ALONG_AFTER_MS);
    this.#send(frame);
  }

  /** Sends a message that may be dropped if it is late. */
  pass(type: string, fields: object): void {
    this.#send(JSON.stringify({ type, ...fields }));
  }

  tick(nowMs: number): void {
    if (!this.#isWelcome) return;
    this.#tellTakenAfter(ACK_AFTER_MS, nowMs);
    if (nowMs - this.#heardAtMs < LINK_PING_AFTER_MS) return;
    this.#heardAtMs = nowMs;
    this.#pings += 1;
    this.pass('link.ping', { n: this.#pings, ack: this.#received });
  }

  #take(socket: WebSocket, message: ServerMessage): void {
    const { counts, onMessage } = this.#parts;
    this.#heardAtMs = performance.now();
    if ('seq' in message) {
      if (message.seq !== this.#received + 1) counts.streamFaults += 1;
      if (message.seq <= this.#received) return;
      this.#received = message.seq;
      this.#owedSinceMs ??= this.#heardAtMs;
      if (this.#received - this.#acknowledged >= ACK_AFTER_FRAMES) this.#tellTaken();
    } else if (message.type === 'session.challenge') {
      socket.send(this.#hello(message.nonce));
    } else if (message.type === 'session.opened' || message.type === 'session.resumed') {
      this.#bearer = { session: message.session, secret: message.secret };
      this.#isWelcome = true;
      this.#forget(message.received);
      for (const { frame } of this.#unacknowledged) socket.send(frame);
    } else if (message.type === 'link.ack' || message.type === 'link.pong') {
      this.#forget(message.ack);
    }
    onMessage(message);
  }

  #closedByNode(code: number, reason: string): void {
    const { person, counts } = this.#parts;
    if (code === CLOSES.sanctioned.code && person.mayBeKeptOut) {
      if (!person.isKeptOut) counts.keptOut += 1;
      person.isKeptOut = true;
      return;
    }
    // The node deletes the session of a user who is suspended while disconnected, so the user's
    // client can't resume it. The user learns the reason at the next visit.
    const isGoneMeanwhile = code === CLOSES['session-reset'].code && person.mayBeKeptOut;
    if (!isGoneMeanwhile) counts.fault(`closed by the node: ${code} ${reason}`);
  }

  #hello(nonce: string): string {
    const { device } = this.#parts.person;
    const bearer = this.#bearer;
    const isResume = 'session' in bearer;
    const payload = helloPayload(nonce, isResume ? bearer.session : bearer.ticket);
    return JSON.stringify({
      type: 'session.hello',
      version: PROTOCOL_VERSION,
      device: { publicKey: device.publicKey, signature: device.sign(payload) },
      ...(isResume ? { resume: { ...bearer, received: this.#received } } : bearer),
    });
  }

  #send(frame: string): void {
    if (this.#isWelcome) this.#socket?.send(frame);
  }

  /** Acknowledges if a frame has waited for its acknowledgement for this long. */
  #tellTakenAfter(ms: number, nowMs = performance.now()): void {
    if (this.#owedSinceMs !== null && nowMs - this.#owedSinceMs >= ms) this.#tellTaken();
  }

  #tellTaken(): void {
    this.#acknowledged = this.#received;
    this.#owedSinceMs = null;
    this.pass('link.ack', { ack: this.#received });
  }

  #forget(acknowledged: number): void {
    this.#unacknowledged = this.#unacknowledged.filter(({ sequence }) => sequence > acknowledged);
  }
}

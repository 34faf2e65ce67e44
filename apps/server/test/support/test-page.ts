import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { askForTicket } from '@farandole/e2e/http';
import { TestDevice } from '@farandole/e2e/test-device';
import type {
  ClientMessage,
  ClientMessageOf,
  SequencedClientMessage,
} from '@farandole/protocol/client-message';
import { helloPayload } from '@farandole/protocol/hello-payload';
import type { SessionTicketReply } from '@farandole/protocol/http-api';
import { decodeServerMessage, encodeClientMessage } from '@farandole/protocol/server-codec';
import type {
  ServerMessage,
  ServerMessageOf,
  ServerMessageType,
} from '@farandole/protocol/server-message';
import { PROTOCOL_VERSION } from '@farandole/protocol/version';
import { WebSocket } from 'ws';
import type { Ends } from './ends.ts';

type SequencedType = SequencedClientMessage['type'];

export interface TestPageOptions {
  /** Origin of the page. By default it is the server's first origin. */
  readonly origin?: string;
  readonly from?: string;
  /** Request headers in addition to those that a browser sends with an upgrade. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Device key of an earlier page. By default a new one is made. */
  readonly device?: TestDevice;
  readonly cookie?: string;
  /** How long to wait for a message, in ms. By default it is `PATIENCE_MS`. */
  readonly patienceMs?: number;
}

/** Timeout in ms, long enough for the slowest machine. */
const PATIENCE_MS = 20_000;

/**
 * A page without a browser. It has a cookie, a device key, HTTP requests and one WebSocket at a
 * time.
 */
export class TestPage {
  readonly device: TestDevice;
  readonly received: ServerMessage[] = [];
  #port: number;
  #origin: string;
  readonly #from: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #patienceMs: number;
  #cookie: string | null;
  #socket: WebSocket | null = null;
  #opened: ServerMessageOf<'session.opened'> | null = null;
  #sequence = 0;
  #taken = 0;
  #read = 0;
  #wake: () => void = () => {};
  closed: { readonly code: number; readonly reason: string } | null = null;

  constructor(t: Ends, port: number, options: TestPageOptions = {}) {
    this.#port = port;
    this.#origin = options.origin ?? `http://localhost:${port}`;
    this.#from = options.from ?? '127.0.0.1';
    this.#headers = options.headers ?? {};
    this.#patienceMs = options.patienceMs ?? PATIENCE_MS;
    this.device = options.device ?? new TestDevice();
    this.#cookie = options.cookie ?? null;
    t.after(() => this.#socket?.terminate());
  }

  /**
   * Returns a page with the same cookie and device key at another server, or at a restarted one.
   */
  moveTo(t: Ends, port: number): TestPage {
    return new TestPage(t, port, {
      from: this.#from,
      device: this.device,
      cookie: this.cookie,
      patienceMs: this.#patienceMs,
    });
  }

  get cookie(): string {
    assert.ok(this.#cookie !== null, 'the page has no cookie yet');
    return this.#cookie;
  }

  async getTicket(): Promise<SessionTicketReply> {
    const { answer, cookie } = await askForTicket({
      port: this.#port,
      from: this.#from,
      cookie: this.#cookie,
      origin: this.#origin,
    });
    assert.equal(answer.status, 200, answer.text());
    this.#cookie = cookie;
    return answer.json() as SessionTicketReply;
  }

  /** @param token session ticket or secret of a session; by default a new ticket */
  async open(token?: string): Promise<ServerMessageOf<'session.challenge'>> {
    const offered = token ?? (await this.getTicket()).ticket;
    const socket = new WebSocket(`ws://127.0.0.1:${this.#port}/ws`, ['farandole', offered], {
      origin: this.#origin,
      localAddress: this.#from,
      headers: { ...this.#headers, Cookie: this.cookie },
    });
    this.#socket = socket;
    this.closed = null;
    socket.on('message', (data: Buffer) => this.#take(data.toString('utf8')));
    socket.on('error', () => {});
    socket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString('utf8') };
      this.#wake();
    });
    return await this.next('session.challenge');
  }

  /** @param isNewPage whether the hello says that the user has opened this page in place of another */
  async start(isNewPage = false): Promise<ServerMessageOf<'session.opened'>> {
    const { ticket } = await this.getTicket();
    await this.sayHello(ticket, ticket, isNewPage);
    this.#opened = await this.next('session.opened');
    return this.#opened;
  }

  /** @param opener token that opens the socket */
  async sayHello(ticket: string, opener: string, isNewPage = false): Promise<void> {
    const { nonce } = await this.open(opener);
    this.#sequence = 0;
    this.#taken = 0;
    this.send({
      type: 'session.hello',
      version: PROTOCOL_VERSION,
      ticket,
      device: this.#sign(nonce, ticket),
      ...(isNewPage && { newPage: true }),
    });
  }

  /** Resumes the session on a new socket at a server with this port, which may be another one. */
  async resumeAt(port: number): Promise<ServerMessageOf<'session.resumed'>> {
    assert.ok(this.#opened !== null, 'the page has no session');
    const { session, secret } = this.#opened;
    this.#port = port;
    this.#origin = `http://localhost:${port}`;
    const { nonce } = await this.open(secret);
    this.send({
      type: 'session.hello',
      version: PROTOCOL_VERSION,
      resume: { session, secret, received: this.#taken },
      device: this.#sign(nonce, session),
    });
    return await this.next('session.resumed');
  }

  #sign(nonce: string, bearer: string): { publicKey: string; signature: string } {
    const { publicKey } = this.device;
    return { publicKey, signature: this.device.sign(helloPayload(nonce, bearer)) };
  }

  /** Opens a session and declares adult age. */
  async arrive(): Promise<ServerMessageOf<'session.opened'>> {
    const opened = await this.start();
    this.say('age.declare', { answer: 'adult', policyVersion: opened.policyVersion });
    await this.next('age.answered');
    return opened;
  }

  /** @param meeting token of a private meeting */
  search(ticket: string, meeting?: ClientMessageOf<'ticket.create'>['meeting']): void {
    this.say('ticket.create', {
      ...(meeting !== undefined && { meeting }),
      ticket,
      mode: 'text',
      interests: [],
      onlyShared: false,
      languages: ['en'],
      policyVersion: 1,
    });
  }

  /** Sends a message with the session's next sequence number. */
  say<T extends SequencedType>(
    type: T,
    fields: Omit<Extract<SequencedClientMessage, { type: T }>, 'type' | 'seq'>,
  ): void {
    this.#sequence += 1;
    this.sendText(JSON.stringify({ type, seq: this.#sequence, ...fields }));
  }

  send(message: ClientMessage): void {
    this.sendText(encodeClientMessage(message));
  }

  sendText(text: string): void {
    this.socket.send(text);
  }

  get socket(): WebSocket {
    assert.ok(this.#socket !== null, 'the page has no socket');
    return this.#socket;
  }

  async next<T extends ServerMessageType>(type: T): Promise<ServerMessageOf<T>> {
    return (await this.nextOf([type])) as ServerMessageOf<T>;
  }

  async nextOf(types: readonly ServerMessageType[]): Promise<ServerMessage> {
    for (;;) {
      while (this.#read < this.received.length) {
        const message = this.received[this.#read++];
        if (message !== undefined && types.includes(message.type)) return message;
      }
      assert.equal(this.closed, null, `closed while waiting for ${types.join()}`);
      await this.#change(types.join());
    }
  }

  async untilClosed(): Promise<{ readonly code: number; readonly reason: string }> {
    while (this.closed === null) await this.#change('its close');
    return this.closed;
  }

  async #change(awaited: string): Promise<void> {
    const changed = Promise.withResolvers<void>();
    this.#wake = changed.resolve;
    const impatience = setTimeout(
      () => changed.reject(new Error(`waited in vain for ${awaited}`)),
      this.#patienceMs,
    );
    await changed.promise.finally(() => clearTimeout(impatience));
  }

  #take(text: string): void {
    const message = decodeServerMessage(text);
    assert.ok(message !== null, 'the node said something of no known type');
    if ('seq' in message) {
      assert.equal(message.seq, this.#taken + 1, 'a frame is missing or doubled');
      this.#taken = message.seq;
      this.send({ type: 'link.ack', ack: this.#taken });
    }
    this.received.push(message);
    this.#wake();
  }
}

export function inCall({
  match,
  epoch,
}: ServerMessageOf<'match.found'> | ServerMessageOf<'call.restored'>): Pick<
  ClientMessageOf<'chat.send'>,
  'match' | 'epoch'
> {
  return { match, epoch };
}

/** Returns the TCP socket below the page's WebSocket. */
export function rawOf(socket: WebSocket): Socket {
  const raw: unknown = Reflect.get(socket, '_socket');
  assert.ok(raw !== null && typeof raw === 'object' && 'write' in raw);
  return raw as Socket;
}

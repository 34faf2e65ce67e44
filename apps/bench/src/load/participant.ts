import { askForTicket } from '@farandole/e2e/http';
import { TestDevice } from '@farandole/e2e/test-device';
import type { Seat } from '@farandole/protocol/fields';
import { helloPayload } from '@farandole/protocol/hello-payload';
import {
  type IceServer,
  type SessionTicketReply,
  SOCKET_PATH,
  SUBPROTOCOL,
} from '@farandole/protocol/http-api';
import { ACK_AFTER_FRAMES, ACK_AFTER_MS, ACK_ALONG_AFTER_MS } from '@farandole/protocol/limits';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { PROTOCOL_VERSION } from '@farandole/protocol/version';
import { headerLines, proxyHeaders } from './addresses.ts';
import type { LoadClient, Said } from './load-client.ts';
import { LoadSocket } from './load-socket.ts';

const TYPE_AT = 9;
const QUOTE = 0x22;
const SEQUENCED = Buffer.from('","seq":');

/**
 * A simulated user with a device key. It requests a ticket over HTTP, says hello, declares its
 * age, searches in text mode and acknowledges as the page does. Unlike the page it sends no
 * keep-alive pings. It doesn't parse frames that are only counted.
 */
export class Participant implements LoadClient {
  delivered = 0;
  lost: string | null = null;
  /** Callback for each match. While it is set, the promise of `pair` isn't resolved. */
  onMatch: ((match: ServerMessageOf<'match.found'>) => void) | null = null;
  /**
   * Callback for each chat line, with the seat (`a` or `b`) of the line's sender. While it isn't
   * set, chat lines aren't parsed.
   */
  onLine: ((side: Seat) => void) | null = null;
  onEnded: (() => void) | null = null;
  onReported: ((answer: 'accepted' | 'refused') => void) | null = null;
  /** Receipt of the last call, which a report of the peer requires. */
  receipt = '';
  match = '';
  mode: 'text' | 'video' = 'text';
  /** Interest that a stranger must share; null if any stranger will do. */
  interest: string | null = null;
  role: ServerMessageOf<'match.found'>['role'] = 'offerer';
  /** Callback for each message of signalling, with its type. */
  onSignal: ((type: string) => void) | null = null;
  /** ICE servers that the node gave to this user. */
  iceServers: readonly IceServer[] = [];
  side: Seat = 'a';
  readonly #port: number;
  readonly #from: string;
  readonly #client: string | null;
  #device: TestDevice | null = null;
  #ticket = '';
  #cookie: string | null;
  #socket: LoadSocket | null = null;
  #sequence = 0;
  #searches = 0;
  #lines = 0;
  #reports = 0;
  #received = 0;
  #acknowledged = 0;
  /** Time at which the oldest unacknowledged frame arrived; null if all frames are acknowledged. */
  #owedSinceMs: number | null = null;
  /** Whether the server reads acknowledgements in messages. */
  #serverReadsAcks = false;
  #inCall = '';
  #isTyping = false;
  #opened = Promise.withResolvers<void>();
  #session: { readonly id: string; readonly secret: string } | null = null;
  #matched = Promise.withResolvers<void>();

  /**
   * @param cookie the cookie of a returning user; null for a new user
   * @param client the user's address if `from` is the address of a listed proxy; otherwise null
   */
  constructor(
    port: number,
    from: string,
    cookie: string | null = null,
    client: string | null = null,
  ) {
    this.#port = port;
    this.#from = from;
    this.#client = client;
    this.#cookie = cookie;
    // A caller that doesn't await the promise finds the error in the property `lost`.
    this.#opened.promise.catch(() => {});
    this.#matched.promise.catch(() => {});
  }

  /** @throws Error when the server refuses a session ticket */
  async prepare(): Promise<void> {
    this.#device ??= new TestDevice();
    const { answer, cookie } = await askForTicket({
      port: this.#port,
      from: this.#from,
      cookie: this.#cookie,
      headers: proxyHeaders(this.#client),
      ...(this.#session !== null && { resume: this.#session.secret }),
    });
    if (answer.status !== 200) throw new Error(`no session ticket: ${answer.status}`);
    this.#cookie = cookie;
    this.#ticket = (answer.json() as SessionTicketReply).ticket;
  }

  async open(): Promise<void> {
    this.#socket = await LoadSocket.open({
      port: this.#port,
      from: this.#from,
      path: SOCKET_PATH,
      headers: [
        `Origin: http://localhost:${this.#port}`,
        `Cookie: ${this.#cookie}`,
        ...headerLines(proxyHeaders(this.#client)),
        `Sec-WebSocket-Protocol: ${SUBPROTOCOL}, ${this.#ticket}`,
      ],
      onFrame: ({ payload }) => this.#take(payload),
      onClose: (why) => this.#lose(why),
    });
    await this.#opened.promise;
  }

  /**
   * Opens a new session with the same cookie and key, as a page does after a restart of the node:
   * it asks for a ticket with its session's secret, and its hello tries to resume the session.
   */
  async comeBack(): Promise<void> {
    this.lost = null;
    this.#sequence = 0;
    this.#opened = Promise.withResolvers<void>();
    this.#opened.promise.catch(() => {});
    await this.prepare();
    await this.open();
  }

  async pair(): Promise<void> {
    this.search();
    await this.#matched.promise;
  }

  search(): void {
    this.#searches += 1;
    const wish =
      this.interest === null
        ? '"interests":[],"onlyShared":false'
        : `"interests":[${JSON.stringify(this.interest)}],"onlyShared":true`;
    this.#say(
      'ticket.create',
      `"ticket":"search-${this.#searches}","mode":"${this.mode}",${wish},"languages":["en"],"policyVersion":1`,
    );
  }

  next(): void {
    this.#say('call.end', `${this.#inCall},"reason":"next"`);
  }

  say(said: Said): void {
    if (said === 'chat') {
      this.#lines += 1;
      this.#say(
        'chat.send',
        `${this.#inCall},"id":"line-of-mine-${this.#lines}","text":"Hello! Where are you from? I have just made some tea."`,
      );
    } else {
      this.#isTyping = !this.#isTyping;
      this.#tellTakenAfter(ACK_ALONG_AFTER_MS);
      this.#socket?.sendText(`{"type":"chat.typing",${this.#inCall},"active":${this.#isTyping}}`);
    }
  }

  /** Sends a message of signalling. */
  signal(type: 'offer' | 'answer' | 'candidate', fields: object): void {
    this.#say(`signal.${type}`, `${this.#inCall},${JSON.stringify(fields).slice(1, -1)}`);
  }

  report(reason: string, receipt = this.receipt): void {
    this.#reports += 1;
    this.#say(
      'report.create',
      `"id":"report-of-mine-${this.#reports}","receipt":"${receipt}","reason":"${reason}","note":"What was said there is against the rules of this place, more than once.","lines":[]`,
    );
  }

  get cookie(): string | null {
    return this.#cookie;
  }

  /** Returns the next sequence number, for callers that write frames themselves. */
  takeSequence(): number {
    this.#sequence += 1;
    return this.#sequence;
  }

  get socket(): LoadSocket | null {
    return this.#socket;
  }

  tick(nowMs: number): void {
    this.#tellTakenAfter(ACK_AFTER_MS, nowMs);
  }

  async leave(): Promise<void> {
    this.lost ??= 'left';
    await this.#socket?.close();
  }

  #say(type: string, fields: string): void {
    this.#sequence += 1;
    let ack = '';
    if (!this.#serverReadsAcks) this.#tellTakenAfter(ACK_ALONG_AFTER_MS);
    else if (this.#owedSinceMs !== null) ack = `,"ack":${this.#noteTold()}`;
    this.#socket?.sendText(`{"type":"${type}","seq":${this.#sequence},${fields}${ack}}`);
  }

  #take(payload: Buffer): void {
    const typeEnd = payload.indexOf(QUOTE, TYPE_AT);
    const type = payload.toString('latin1', TYPE_AT, typeEnd);
    if (SEQUENCED.compare(payload, typeEnd, typeEnd + SEQUENCED.length) === 0) {
      this.#received += 1;
      this.#owedSinceMs ??= performance.now();
      if (this.#received - this.#acknowledged >= ACK_AFTER_FRAMES) this.#tellTaken();
    }
    switch (type) {
      case 'chat.line':
        this.delivered += 1;
        this.onLine?.((parse(payload) as ServerMessageOf<'chat.line'>).line.side);
        return;
      case 'chat.typing':
        this.delivered += 1;
        return;
      case 'signal.offer':
      case 'signal.answer':
      case 'signal.candidate':
        this.delivered += 1;
        this.onSignal?.(type);
        return;
      case 'session.challenge': {
        const challenge = parse(payload) as ServerMessageOf<'session.challenge'>;
        this.#serverReadsAcks = challenge.acks === true;
        this.#hello(challenge.nonce);
        return;
      }
      case 'session.opened': {
        const opened = parse(payload) as ServerMessageOf<'session.opened'>;
        const { policyVersion, ice } = opened;
        this.#session = { id: opened.session, secret: opened.secret };
        this.#received = 0;
        this.#acknowledged = 0;
        this.iceServers = ice.iceServers;
        this.#say('age.declare', `"answer":"adult","policyVersion":${policyVersion}`);
        return;
      }
      case 'age.answered':
        this.#opened.resolve();
        return;
      case 'match.found': {
        const found = parse(payload) as ServerMessageOf<'match.found'>;
        this.#inCall = `"match":"${found.match}","epoch":${found.epoch}`;
        this.receipt = found.receipt;
        this.match = found.match;
        this.side = found.side;
        this.role = found.role;
        if (this.onMatch === null) this.#matched.resolve();
        else this.onMatch(found);
        return;
      }
      case 'report.accepted':
        this.onReported?.('accepted');
        return;
      case 'report.refused':
        this.onReported?.('refused');
        return;
      case 'call.ended':
        this.onEnded?.();
        return;
      case 'chat.refused':
      case 'ticket.refused':
        this.#lose(payload.toString('utf8'));
        return;
      default:
        // The simulated user ignores unknown messages, as the page does.
        return;
    }
  }

  #hello(nonce: string): void {
    if (this.#device === null) throw new Error('not prepared');
    const { publicKey } = this.#device;
    const session = this.#session;
    const signature = this.#device.sign(helloPayload(nonce, session?.id ?? this.#ticket));
    const resume =
      session === null
        ? {}
        : { resume: { session: session.id, secret: session.secret, received: this.#received } };
    this.#socket?.sendText(
      JSON.stringify({
        type: 'session.hello',
        version: PROTOCOL_VERSION,
        ticket: this.#ticket,
        device: { publicKey, signature },
        ...resume,
      }),
    );
  }

  /** Acknowledges if a frame has waited for its acknowledgement for this long. */
  #tellTakenAfter(ms: number, nowMs = performance.now()): void {
    if (this.#owedSinceMs !== null && nowMs - this.#owedSinceMs >= ms) this.#tellTaken();
  }

  #tellTaken(): void {
    this.#socket?.sendText(`{"type":"link.ack","ack":${this.#noteTold()}}`);
  }

  /** Returns the number to acknowledge, and records that it is acknowledged. */
  #noteTold(): number {
    this.#acknowledged = this.#received;
    this.#owedSinceMs = null;
    return this.#received;
  }

  #lose(why: string): void {
    if (this.lost !== null) return;
    this.lost = why;
    const error = new Error(`a participant was lost: ${why}`);
    this.#opened.reject(error);
    this.#matched.reject(error);
  }
}

/**
 * Connects two users who must match each other.
 * @throws Error if one of the two matched a third user
 */
export async function startPair(
  port: number,
  [from, across]: readonly [string, string],
): Promise<readonly [Participant, Participant]> {
  return await meet([new Participant(port, from), new Participant(port, across)]);
}

/**
 * Connects two prepared users who must match each other.
 * @throws Error if one of the two matched a third user
 */
export async function meet(
  people: readonly [Participant, Participant],
): Promise<readonly [Participant, Participant]> {
  for (const person of people) {
    await person.prepare();
    await person.open();
  }
  await Promise.all(people.map((person) => person.pair()));
  if (people[0].match !== people[1].match) throw new Error('two met somebody else');
  return people;
}

function parse(payload: Buffer): unknown {
  return JSON.parse(payload.toString('utf8'));
}

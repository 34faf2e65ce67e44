import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { Seat } from '@farandole/protocol/fields';
import { helloPayload } from '@farandole/protocol/hello-payload';
import { SESSION_TICKET_PATH, SOCKET_PATH } from '@farandole/protocol/http-api';
import { ACK_AFTER_FRAMES, ACK_AFTER_MS } from '@farandole/protocol/limits';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { PROTOCOL_VERSION } from '@farandole/protocol/version';
import type { LoadClient, Said } from './load-client.ts';
import { LoadSocket, post } from './load-socket.ts';

const TYPE_AT = 9;
const QUOTE = 0x22;
const SEQUENCED = Buffer.from('","seq":');

/**
 * A simulated user: device key, ticket over HTTP, hello, age, text search, and acknowledgements as
 * the page sends them. Frames that are only counted aren't parsed. Unlike a page it sends no
 * keep-alive pings.
 */
export class Participant implements LoadClient {
  delivered = 0;
  lost: string | null = null;
  /** Called at each match; replaces resolving `pair`'s promise. */
  onMatch: ((match: ServerMessageOf<'match.found'>) => void) | null = null;
  /** If set, lines are parsed and their sender is passed. */
  onLine: ((side: Seat) => void) | null = null;
  onEnded: (() => void) | null = null;
  onReported: ((answer: 'accepted' | 'refused') => void) | null = null;
  /** Of the last call; needed to report its stranger. */
  receipt = '';
  match = '';
  side: Seat = 'a';
  readonly #port: number;
  readonly #from: string;
  #key: { readonly privateKey: KeyObject; readonly publicKey: string } | null = null;
  #ticket = '';
  #cookie: string | null;
  #socket: LoadSocket | null = null;
  #sequence = 0;
  #searches = 0;
  #lines = 0;
  #reports = 0;
  #received = 0;
  #acknowledged = 0;
  /** Arrival of the oldest unacknowledged frame; null: none. */
  #owedSinceMs: number | null = null;
  #inCall = '';
  #isTyping = false;
  readonly #opened = Promise.withResolvers<void>();
  #matched = Promise.withResolvers<void>();

  /** @param cookie of a returning user; null: a new user */
  constructor(port: number, from: string, cookie: string | null = null) {
    this.#port = port;
    this.#from = from;
    this.#cookie = cookie;
    // Callers that don't await it see the loss in `lost`.
    this.#opened.promise.catch(() => {});
    this.#matched.promise.catch(() => {});
  }

  /** @throws Error when the server gives no ticket */
  async prepare(): Promise<void> {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
    const point = [Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')];
    this.#key = { privateKey, publicKey: Buffer.concat(point).toString('base64url') };
    const { head, body } = await post(
      this.#port,
      this.#from,
      SESSION_TICKET_PATH,
      '{}',
      this.#cookie,
    );
    const cookie = /^set-cookie: ([^;\r]+)/im.exec(head)?.[1] ?? this.#cookie;
    const ticket = /"ticket":"([^"]+)"/.exec(body)?.[1];
    if (cookie === null || ticket === undefined) {
      throw new Error(`no session ticket: ${head.split('\r\n')[0]}`);
    }
    this.#cookie = cookie;
    this.#ticket = ticket;
  }

  async open(): Promise<void> {
    this.#socket = await LoadSocket.open({
      port: this.#port,
      from: this.#from,
      path: SOCKET_PATH,
      headers: [`Origin: http://localhost:${this.#port}`, `Cookie: ${this.#cookie}`],
      onFrame: (_, payload) => this.#take(payload),
      onClose: (why) => this.#lose(why),
    });
    await this.#opened.promise;
  }

  async pair(): Promise<void> {
    this.search();
    await this.#matched.promise;
  }

  search(): void {
    this.#searches += 1;
    this.#say(
      'ticket.create',
      `"ticket":"search-${this.#searches}","mode":"text","interests":[],"onlyShared":false,"languages":["en"],"policyVersion":1`,
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
      this.#socket?.sendText(`{"type":"chat.typing",${this.#inCall},"active":${this.#isTyping}}`);
    }
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

  /** Takes the next sequence number, for callers that write messages themselves. */
  takeSequence(): number {
    this.#sequence += 1;
    return this.#sequence;
  }

  get socket(): LoadSocket | null {
    return this.#socket;
  }

  tick(nowMs: number): void {
    if (this.#owedSinceMs !== null && nowMs - this.#owedSinceMs >= ACK_AFTER_MS) this.#tellTaken();
  }

  async leave(): Promise<void> {
    this.lost ??= 'left';
    await this.#socket?.close();
  }

  #say(type: string, fields: string): void {
    this.#sequence += 1;
    this.#socket?.sendText(`{"type":"${type}","seq":${this.#sequence},${fields}}`);
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
      case 'session.challenge':
        this.#hello((parse(payload) as ServerMessageOf<'session.challenge'>).nonce);
        return;
      case 'session.opened': {
        const { policyVersion } = parse(payload) as ServerMessageOf<'session.opened'>;
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
        // Unknown messages are ignored, as a page does.
        return;
    }
  }

  #hello(nonce: string): void {
    if (this.#key === null) throw new Error('not prepared');
    const { privateKey, publicKey } = this.#key;
    const signature = sign('sha256', Buffer.from(helloPayload(nonce, this.#ticket)), {
      key: privateKey,
      dsaEncoding: 'ieee-p1363',
    });
    this.#socket?.sendText(
      JSON.stringify({
        type: 'session.hello',
        version: PROTOCOL_VERSION,
        ticket: this.#ticket,
        device: { publicKey, signature: signature.toString('base64url') },
      }),
    );
  }

  #tellTaken(): void {
    this.#acknowledged = this.#received;
    this.#owedSinceMs = null;
    this.#socket?.sendText(`{"type":"link.ack","ack":${this.#received}}`);
  }

  #lose(why: string): void {
    if (this.lost !== null) return;
    this.lost = why;
    const error = new Error(`a participant was lost: ${why}`);
    this.#opened.reject(error);
    this.#matched.reject(error);
  }
}

function parse(payload: Buffer): unknown {
  return JSON.parse(payload.toString('utf8'));
}

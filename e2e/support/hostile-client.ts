import { setTimeout as delay } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import { type Endpoint, openSocket, post } from './endpoint.ts';
import type { Frame } from './person.ts';
import { proofFor } from './proof.ts';
import { TestDevice } from './test-device.ts';

/** Time in ms between two chat lines that a node's rate limit requires after the first burst. */
const LINE_EVERY_MS = 500;
/**
 * Time in ms between two session descriptions that a node's rate limit requires after the first
 * burst.
 */
const DESCRIPTION_EVERY_MS = 2_000;

export interface Call {
  readonly match: string;
  readonly epoch: number;
  readonly side: string;
  readonly role: string;
  readonly receipt: string;
  readonly offer: string | null;
}

/** A client that speaks the protocol and sends any content it is given. */
export class HostileClient {
  readonly #endpoint: Endpoint;
  readonly #device = new TestDevice();
  #cookie = '';
  #socket: WebSocket | null = null;
  #sequence = 0;
  #taken = 0;
  #searches = 0;
  #lines = 0;
  closed: string | null = null;
  readonly heard: Frame[] = [];
  readonly #watchers = new Set<() => void>();

  private constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  /** Opens a session: fetches a ticket, sends hello, and declares an age. */
  static async arrive(endpoint: Endpoint): Promise<HostileClient> {
    const client = new HostileClient(endpoint);
    await client.enter();
    return client;
  }

  /** Opens another session with the same cookie and device key, as a page does after a restart. */
  async enter(): Promise<void> {
    const { origin } = this.#endpoint;
    const cookies = this.#cookie === '' ? {} : { Cookie: this.#cookie };
    const headers = { Origin: origin, ...cookies };
    let answer = await post(this.#endpoint, '/api/session-ticket', headers, {});
    const proof = await proofFor(answer.body);
    if (proof !== null) {
      answer = await post(this.#endpoint, '/api/session-ticket', headers, { proof });
    }
    const { ticket } = answer.body as { readonly ticket: string };
    const [cookie] = answer.headers['set-cookie'] ?? [];
    if (cookie !== undefined) this.#cookie = cookie.split(';')[0] ?? '';
    this.#sequence = 0;
    this.#taken = 0;
    this.closed = null;
    const from = this.heard.length;
    const withCookie = { Origin: origin, Cookie: this.#cookie };
    this.#socket = await openSocket(this.#endpoint, '/ws', ticket, withCookie, {
      text: (text) => this.#take(JSON.parse(text) as Frame),
      close: (why) => {
        this.closed = why;
        this.#look();
      },
    });
    const { nonce } = await this.hear('session.challenge', from);
    const { publicKey } = this.#device;
    const signature = this.#device.sign(`farandole-hello-1\n${String(nonce)}\n${ticket}`);
    this.pass('session.hello', {
      version: 1,
      ticket,
      device: { publicKey, signature },
    });
    const { policyVersion } = await this.hear('session.opened', from);
    this.say('age.declare', { answer: 'adult', policyVersion });
    await this.hear('age.answered', from);
  }

  async meet(
    mode: 'text' | 'video',
    interests: readonly string[] = [],
    premade?: string,
  ): Promise<Call> {
    const from = this.heard.length;
    this.#searches += 1;
    this.say('ticket.create', {
      ticket: `a-search-of-mine-${this.#searches}`,
      mode,
      interests,
      onlyShared: false,
      languages: ['en'],
      policyVersion: 1,
      ...(premade === undefined ? {} : { offer: premade }),
    });
    const { match, epoch, side, role, receipt, offer } = await this.hear('match.found', from);
    return {
      match: String(match),
      epoch: Number(epoch),
      side: String(side),
      role: String(role),
      receipt: String(receipt),
      offer: typeof offer === 'string' ? offer : null,
    };
  }

  say(type: string, fields: Frame): void {
    this.#sequence += 1;
    this.pass(type, { seq: this.#sequence, ...fields });
  }

  /**
   * Sends chat lines one after another and retries when rate limited.
   * @throws Error when the node refuses a line's content
   */
  async sayLines(call: Call, lines: readonly string[]): Promise<void> {
    for (const text of lines) {
      for (;;) {
        const { type, reason } = await this.sayLine(call, text);
        if (type === 'chat.line') break;
        if (reason !== 'too-fast') throw new Error(`a line was refused: ${String(reason)}`);
        await delay(LINE_EVERY_MS);
      }
    }
  }

  /** @returns the node's answer: `chat.line` or `chat.refused` */
  async sayLine({ match, epoch }: Call, text: string): Promise<Frame> {
    const from = this.heard.length;
    this.#lines += 1;
    const id = `hostile-line-${this.#lines}`;
    this.say('chat.send', { match, epoch, id, text });
    return await this.hear(['chat.line', 'chat.refused'], from, (frame) => idOf(frame) === id);
  }

  /**
   * Sends an offer and retries when rate limited.
   * @returns `signal.answer`, `signal.refused` when the node refuses the content, or `call.ended`
   * when the call has ended
   */
  async offer({ match, epoch }: Call, sdp: string): Promise<string> {
    for (;;) {
      const from = this.heard.length;
      this.say('signal.offer', { match, epoch, sdp });
      const types = ['signal.answer', 'signal.refused', 'call.ended'];
      const { type, reason } = await this.hear(types, from);
      if (reason !== 'too-fast') return String(type);
      await delay(DESCRIPTION_EVERY_MS);
    }
  }

  /**
   * Restores a call after a restart of the node. Presents the receipt and replays the lines that
   * the peer lacks.
   * @returns how many lines it replayed
   */
  async restore({ match, receipt }: Call): Promise<number> {
    const lines = this.heard
      .filter((frame) => frame['type'] === 'chat.line' && frame['match'] === match)
      .map((frame) => frame['line'] as Line);
    const latest = lines.at(-1);
    const received = latest?.counters ?? [0, 0];
    const from = this.heard.length;
    const shown = latest === undefined ? {} : { latest };
    this.say('call.restore', { receipt, received, ...shown });
    const restored = await this.hear('call.restored', from);
    const has = sumOf(restored['peerReceived'] as Line['counters']);
    const lacking = lines.filter(({ counters }) => sumOf(counters) > has);
    for (const line of lacking) {
      this.say('chat.replay', { match, epoch: restored['epoch'], line });
    }
    return lacking.length;
  }

  pass(type: string, fields: Frame): void {
    this.#socket?.send(JSON.stringify({ type, ...fields }));
  }

  /**
   * Waits for the first received frame of one of the types. `from` is the index of the first
   * frame to consider.
   * @throws Error when the node closes the socket first
   */
  hear(
    type: string | readonly string[],
    from = 0,
    is: (frame: Frame) => boolean = () => true,
  ): Promise<Frame> {
    const types = typeof type === 'string' ? [type] : type;
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = this.heard
          .slice(from)
          .find((frame) => types.includes(String(frame['type'])) && is(frame));
        if (found === undefined && this.closed === null) return;
        this.#watchers.delete(look);
        if (found !== undefined) resolve(found);
        else
          reject(
            new Error(`the node closed (${this.closed}) before it said ${types.join(' or ')}`),
          );
      };
      this.#watchers.add(look);
      look();
    });
  }

  leave(): void {
    this.pass('session.leave', {});
  }

  drop(): void {
    this.#socket?.terminate();
  }

  #take(frame: Frame): void {
    this.heard.push(frame);
    if (typeof frame['seq'] === 'number') {
      this.#taken += 1;
      this.pass('link.ack', { ack: this.#taken });
    }
    this.#look();
  }

  #look(): void {
    for (const watcher of this.#watchers) watcher();
  }
}

/** A chat line with the node's tag and the counters of both participants. */
interface Line {
  readonly counters: readonly [number, number];
}

function sumOf([a, b]: Line['counters']): number {
  return a + b;
}

/** Returns the id that the client gave to a line, from a `chat.line` or `chat.refused` frame. */
function idOf({ id, line }: Frame): unknown {
  return typeof line === 'object' && line !== null && 'id' in line ? line.id : id;
}

import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import type { Frame } from './person.ts';
import { openSocket, post, type Way } from './way.ts';

/** The pace at which a node takes lines once the first few are spent. */
const LINE_EVERY_MS = 500;
/** The same for descriptions. */
const DESCRIPTION_EVERY_MS = 2_000;

/** What a node said of a call. */
export interface Call {
  readonly match: string;
  readonly epoch: number;
  readonly side: string;
  readonly role: string;
  readonly receipt: string;
  readonly offer: string | null;
}

/**
 * A stranger without a page: speaks the protocol as its SPEC.md has it, and says in it whatever it
 * is told to, as no page would.
 */
export class HostileClient {
  readonly #way: Way;
  readonly #key: KeyObject;
  readonly #publicKey: string;
  #cookie = '';
  #socket: WebSocket | null = null;
  #sequence = 0;
  #taken = 0;
  #searches = 0;
  #lines = 0;
  /** Why the node closed the socket, or null. */
  closed: string | null = null;
  /** Everything that the node said, in order. */
  readonly heard: Frame[] = [];
  readonly #watchers = new Set<() => void>();

  private constructor(way: Way) {
    this.#way = way;
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
    const point = [Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')];
    this.#key = privateKey;
    this.#publicKey = Buffer.concat(point).toString('base64url');
  }

  /** Comes with a ticket, says hello, and says that it is of age. */
  static async arrive(way: Way): Promise<HostileClient> {
    const client = new HostileClient(way);
    await client.enter();
    return client;
  }

  /** A new session of the same cookie and device key, as after a restart. */
  async enter(): Promise<void> {
    const { origin } = this.#way;
    const cookies = this.#cookie === '' ? {} : { Cookie: this.#cookie };
    const headers = { Origin: origin, ...cookies };
    const answer = await post(this.#way, '/api/session-ticket', headers, {});
    const { ticket } = answer.body as { readonly ticket: string };
    const [cookie] = answer.headers['set-cookie'] ?? [];
    if (cookie !== undefined) this.#cookie = cookie.split(';')[0] ?? '';
    this.#sequence = 0;
    this.#taken = 0;
    this.closed = null;
    const from = this.heard.length;
    const withCookie = { Origin: origin, Cookie: this.#cookie };
    this.#socket = await openSocket(this.#way, '/ws', withCookie, {
      text: (text) => this.#take(JSON.parse(text) as Frame),
      close: (why) => {
        this.closed = why;
        this.#look();
      },
    });
    const { nonce } = await this.hear('session.challenge', from);
    const payload = Buffer.from(`farandole-hello-1\n${String(nonce)}\n${ticket}`);
    const signature = sign('sha256', payload, { key: this.#key, dsaEncoding: 'ieee-p1363' });
    this.pass('session.hello', {
      version: 1,
      ticket,
      device: { publicKey: this.#publicKey, signature: signature.toString('base64url') },
    });
    const { policyVersion } = await this.hear('session.opened', from);
    this.say('age.declare', { answer: 'adult', policyVersion });
    await this.hear('age.answered', from);
  }

  /** Searches, with an offer made beforehand where there is one, and waits for a call. */
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

  /** Says something that has a place in the session's stream. */
  say(type: string, fields: Frame): void {
    this.#sequence += 1;
    this.pass(type, { seq: this.#sequence, ...fields });
  }

  /**
   * Says lines one after the other, each again until the node takes it: as fast as it lets anybody.
   *
   * @throws Error when the node refuses one for what is in it
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

  /** Says one line. @returns what the node answers to it: `chat.line` or `chat.refused` */
  async sayLine({ match, epoch }: Call, text: string): Promise<Frame> {
    const from = this.heard.length;
    this.#lines += 1;
    const id = `hostile-line-${this.#lines}`;
    this.say('chat.send', { match, epoch, id, text });
    return await this.hear(['chat.line', 'chat.refused'], from, (frame) => idOf(frame) === id);
  }

  /**
   * Offers, again until the node takes it.
   *
   * @returns `signal.answer` once the other side has answered, `signal.refused` when the node
   *   refuses it for what is in it, `call.ended` when it comes too late
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
   * Presents the receipt of a call of before a restart, waits for the other side's, and hands over
   * the lines that it lacks. @returns how many those were
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

  /** Says something that has none. */
  pass(type: string, fields: Frame): void {
    this.#socket?.send(JSON.stringify({ type, ...fields }));
  }

  /**
   * The first frame of that type, or of one of those, among those heard from the given place on,
   * once it is there.
   *
   * @throws Error when the node closes the socket before
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

  /** Leaves for good, so that nobody waits for a return. */
  leave(): void {
    this.pass('session.leave', {});
  }

  /** Goes without a word, as a crash does. */
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

/** A line as a node tagged it, with how many each side had said once it was counted. */
interface Line {
  readonly counters: readonly [number, number];
}

function sumOf([a, b]: Line['counters']): number {
  return a + b;
}

/** The sender's own name for a line, in either answer to it. */
function idOf({ id, line }: Frame): unknown {
  return typeof line === 'object' && line !== null && 'id' in line ? line.id : id;
}

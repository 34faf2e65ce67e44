import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import {
  ATTRIBUTE,
  type Attribute,
  decodeMessage,
  type Endpoint,
  encodeMessage,
  errorCodeOf,
  type LongTermCredentials,
  type Method,
  newTransaction,
  readXorAddress,
  type StunMessage,
  valueOf,
  xorAddress,
} from './stun-message.ts';

/** RFC 8489, section 6.2.1: doubled at each repetition, and given up after the seventh. */
const FIRST_REPEAT_AFTER_MS = 500;
const REPEATS_MAX = 7;

const UDP = 17;
const IPV6_FAMILY = 2;

export interface TurnUser {
  readonly username: string;
  readonly password: string;
}

/** How a server answered: done, or the number of its error. */
export type TurnAnswer = 'done' | number;

/**
 * One client of a TURN server by UDP, with at most one allocation. It asks for whatever it is told
 * to ask for, as no browser would.
 */
export class TurnClient {
  readonly #socket: Socket;
  readonly #server: Endpoint;
  readonly #user: TurnUser | null;
  readonly #waiting = new Map<string, (answer: StunMessage) => void>();
  #challenge: Pick<LongTermCredentials, 'realm' | 'nonce'> | null = null;
  /** Where peers reach this client; null before an allocation. */
  relayed: Endpoint | null = null;
  /** Called with what a peer sent, and where it came from. */
  onData: (data: Buffer, peer: Endpoint | 'channel') => void = () => {};

  private constructor(socket: Socket, server: Endpoint, user: TurnUser | null) {
    this.#socket = socket;
    this.#server = server;
    this.#user = user;
    socket.on('message', (bytes) => this.#take(bytes));
  }

  /** @param from the address of this machine to come from */
  static async open(from: string, server: Endpoint, user: TurnUser | null): Promise<TurnClient> {
    const socket = createSocket('udp4');
    socket.bind(0, from);
    await once(socket, 'listening');
    return new TurnClient(socket, server, user);
  }

  close(): void {
    this.#socket.close();
  }

  /**
   * Asks, and once more with the realm and nonce of a 401 or 438, as RFC 8489 wants it.
   *
   * @throws Error when the server does not answer at all
   */
  async ask(
    method: Method,
    build: (transaction: string) => readonly Attribute[],
  ): Promise<StunMessage> {
    for (let tries = 0; ; tries += 1) {
      const answer = await this.#askOnce(method, build);
      const code = errorCodeOf(answer);
      const challenge = challengeOf(answer);
      const isChallenge = (code === 401 && this.#challenge === null) || code === 438;
      if (this.#user === null || challenge === null || !isChallenge || tries > 2) return answer;
      this.#challenge = challenge;
    }
  }

  /** @param family of the relayed address; 4 is what no word about it means */
  async allocate({
    family = 4,
    lifetimeS,
    transport = UDP,
  }: {
    readonly family?: 4 | 6;
    readonly lifetimeS?: number;
    readonly transport?: number;
  } = {}): Promise<StunMessage> {
    const attributes: Attribute[] = [
      { type: ATTRIBUTE.requestedTransport, value: Buffer.of(transport, 0, 0, 0) },
    ];
    if (family === 6) {
      attributes.push({
        type: ATTRIBUTE.requestedAddressFamily,
        value: Buffer.of(IPV6_FAMILY, 0, 0, 0),
      });
    }
    if (lifetimeS !== undefined) attributes.push(lifetime(lifetimeS));
    const answer = await this.ask('allocate', () => attributes);
    this.relayed = readXorAddress(answer, ATTRIBUTE.xorRelayedAddress);
    return answer;
  }

  async refresh(lifetimeS: number): Promise<StunMessage> {
    return await this.ask('refresh', () => [lifetime(lifetimeS)]);
  }

  async createPermission(peer: Endpoint): Promise<TurnAnswer> {
    return answerOf(
      await this.ask('createPermission', (transaction) => [
        xorAddress(ATTRIBUTE.xorPeerAddress, peer, transaction),
      ]),
    );
  }

  /** @param channel from 0x4000 to 0x4fff */
  async channelBind(channel: number, peer: Endpoint): Promise<TurnAnswer> {
    const number = Buffer.alloc(4);
    number.writeUInt16BE(channel, 0);
    return answerOf(
      await this.ask('channelBind', (transaction) => [
        { type: ATTRIBUTE.channelNumber, value: number },
        xorAddress(ATTRIBUTE.xorPeerAddress, peer, transaction),
      ]),
    );
  }

  /** A Send indication: nobody answers it, whether it was passed on or not. */
  send(peer: Endpoint, data: Buffer): void {
    const transaction = newTransaction();
    const attributes = [
      xorAddress(ATTRIBUTE.xorPeerAddress, peer, transaction),
      { type: ATTRIBUTE.data, value: data },
    ];
    this.#post(
      encodeMessage({ method: 'send', messageClass: 'indication', transaction, attributes }),
    );
  }

  sendByChannel(channel: number, data: Buffer): void {
    const head = Buffer.alloc(4);
    head.writeUInt16BE(channel, 0);
    head.writeUInt16BE(data.length, 2);
    this.#post(Buffer.concat([head, data]));
  }

  async #askOnce(
    method: Method,
    build: (transaction: string) => readonly Attribute[],
  ): Promise<StunMessage> {
    const transaction = newTransaction();
    const message = {
      method,
      messageClass: 'request',
      transaction,
      attributes: build(transaction),
    } as const;
    const credentials =
      this.#user === null || this.#challenge === null
        ? null
        : { ...this.#user, ...this.#challenge };
    const bytes = encodeMessage(message, credentials);
    return await new Promise((resolve, reject) => {
      let repeats = 0;
      let timer: NodeJS.Timeout | null = null;
      this.#waiting.set(transaction, (answer) => {
        if (timer !== null) clearTimeout(timer);
        this.#waiting.delete(transaction);
        resolve(answer);
      });
      const post = (): void => {
        this.#post(bytes);
        if (repeats === REPEATS_MAX) {
          reject(new Error(`the TURN server answers no ${method}`));
          return;
        }
        timer = setTimeout(post, FIRST_REPEAT_AFTER_MS * 2 ** repeats);
        repeats += 1;
      };
      post();
    });
  }

  #post(bytes: Buffer): void {
    this.#socket.send(bytes, this.#server.port, this.#server.address);
  }

  #take(bytes: Buffer): void {
    const isChannelData = (bytes[0] ?? 0) >> 6 === 1;
    if (isChannelData) {
      this.onData(bytes.subarray(4, 4 + bytes.readUInt16BE(2)), 'channel');
      return;
    }
    const message = decodeMessage(bytes);
    if (message === null) return;
    if (message.method === 'data') {
      const peer = readXorAddress(message, ATTRIBUTE.xorPeerAddress);
      const data = valueOf(message, ATTRIBUTE.data);
      if (peer !== null && data !== null) this.onData(data, peer);
      return;
    }
    this.#waiting.get(message.transaction)?.(message);
  }
}

export function answerOf(message: StunMessage): TurnAnswer {
  return message.messageClass === 'success' ? 'done' : (errorCodeOf(message) ?? 0);
}

/** Seconds that a server gave an allocation; null where it says nothing of it. */
export function lifetimeOf(message: StunMessage): number | null {
  return valueOf(message, ATTRIBUTE.lifetime)?.readUInt32BE(0) ?? null;
}

function challengeOf(message: StunMessage): Pick<LongTermCredentials, 'realm' | 'nonce'> | null {
  const realm = valueOf(message, ATTRIBUTE.realm);
  const nonce = valueOf(message, ATTRIBUTE.nonce);
  return realm === null || nonce === null
    ? null
    : { realm: realm.toString(), nonce: nonce.toString() };
}

function lifetime(seconds: number): Attribute {
  const value = Buffer.alloc(4);
  value.writeUInt32BE(seconds, 0);
  return { type: ATTRIBUTE.lifetime, value };
}

import { createHash } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { connect, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { TurnUrl } from '../net/turn-url.ts';
import {
  ATTRIBUTE,
  type Attributes,
  CLASS,
  DATA_INDICATION,
  decodeStun,
  type Endpoint,
  encodeStun,
  encodeXorAddress,
  errorCodeOf,
  lengthOfStun,
  METHOD,
  newTransaction,
  readXorAddress,
  type StunMessage,
} from './stun-message.ts';

/** Time in ms after which a relay counts as silent. */
export const TURN_TIMEOUT_MS = 5_000;
const RESEND_EVERY_MS = 500;
const UNAUTHORIZED = 401;
const STALE_NONCE = 438;

export type TurnFault =
  | { readonly fault: 'silent' }
  /** The connection failed with an error of Node, such as `ECONNREFUSED`. */
  | { readonly fault: 'unreachable'; readonly code: string }
  /** The relay answered with a code of RFC 8489 or RFC 8656, such as 403. */
  | { readonly fault: 'refused'; readonly code: number };

export class TurnError extends Error {
  readonly fault: TurnFault;

  constructor(fault: TurnFault) {
    super(fault.fault === 'silent' ? 'silent' : `${fault.fault}: ${fault.code}`);
    this.fault = fault;
  }
}

interface TurnCredential {
  readonly username: string;
  readonly credential: string;
}

interface Wire {
  readonly isReliable: boolean;
  send(bytes: Buffer): void;
  close(): void;
}

/** A TURN client with one allocation, which ends after minutes because nothing refreshes it. */
export class TurnClient {
  readonly #credential: TurnCredential;
  readonly #wire: Promise<Wire>;
  readonly #answers = new Map<string, (message: StunMessage) => void>();
  readonly #failed = Promise.withResolvers<never>();
  #key: Buffer | null = null;
  #closing: Promise<void> | null = null;
  #signature: Attributes = [];
  #heard: (from: Endpoint, data: Buffer) => void = () => {};

  constructor(url: TurnUrl, credential: TurnCredential) {
    this.#credential = credential;
    // Each request reports a failure of the connection.
    this.#failed.promise.catch(() => {});
    this.#wire = openWire(
      url,
      (bytes) => this.#take(bytes),
      (error) => this.#failed.reject(asTurnError(error)),
    );
    this.#wire.catch((error: unknown) => this.#failed.reject(asTurnError(error)));
  }

  /**
   * Returns the relay address of a new allocation.
   * @throws TurnError
   */
  async allocate(): Promise<Endpoint> {
    const transport = Buffer.from([17, 0, 0, 0]);
    const answer = await this.#ask(METHOD.allocate, [[ATTRIBUTE.requestedTransport, transport]]);
    const relayed = readXorAddress(answer, ATTRIBUTE.xorRelayedAddress);
    if (relayed === null) throw new TurnError({ fault: 'refused', code: 0 });
    return relayed;
  }

  /**
   * Asks for the permission to exchange packets with a peer. Sends the peer nothing.
   * @throws TurnError
   */
  async permit(address: string): Promise<void> {
    const peer = encodeXorAddress({ address, port: 0 });
    await this.#ask(METHOD.permission, [[ATTRIBUTE.xorPeerAddress, peer]]);
  }

  /** Sends a packet from the allocation to a permitted peer. It can get lost. */
  async send(peer: Endpoint, data: Buffer): Promise<void> {
    const attributes: Attributes = [
      [ATTRIBUTE.xorPeerAddress, encodeXorAddress(peer)],
      [ATTRIBUTE.data, data],
    ];
    const wire = await this.#wire;
    wire.send(encodeStun(METHOD.send | CLASS.indication, newTransaction(), attributes, null));
  }

  /** Sets the receiver of the packets that permitted peers send to the allocation. */
  listen(heard: (from: Endpoint, data: Buffer) => void): void {
    this.#heard = heard;
  }

  /**
   * Releases the allocation, which counts against the relay's quota. Closes the connection. The
   * running request fails. Idempotent.
   */
  async close(): Promise<void> {
    await (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    try {
      if (this.#key !== null) {
        await this.#ask(METHOD.refresh, [[ATTRIBUTE.lifetime, Buffer.alloc(4)]]);
      }
    } catch {
      // The relay is gone, or has no such allocation.
    }
    this.#failed.reject(new TurnError({ fault: 'silent' }));
    await this.#wire.then(
      (wire) => wire.close(),
      () => {},
    );
  }

  async #ask(method: number, attributes: Attributes): Promise<StunMessage> {
    let answer = await this.#request(method, attributes);
    const code = errorCodeOf(answer);
    // A nonce is missing in the first request, and expires later. The answer contains a new nonce.
    if ((code === UNAUTHORIZED && this.#key === null) || code === STALE_NONCE) {
      this.#sign(answer);
      answer = await this.#request(method, attributes);
    }
    if (answer.type === (method | CLASS.success)) return answer;
    throw new TurnError({ fault: 'refused', code: errorCodeOf(answer) });
  }

  /** Prepares the attributes and the key of long-term credentials (RFC 8489, section 9.2). */
  #sign({ attributes }: StunMessage): void {
    const { username, credential } = this.#credential;
    const realm = attributes.get(ATTRIBUTE.realm) ?? Buffer.alloc(0);
    const nonce = attributes.get(ATTRIBUTE.nonce) ?? Buffer.alloc(0);
    this.#key = createHash('md5')
      .update(`${username}:${String(realm)}:${credential}`)
      .digest();
    this.#signature = [
      [ATTRIBUTE.username, Buffer.from(username)],
      [ATTRIBUTE.realm, realm],
      [ATTRIBUTE.nonce, nonce],
    ];
  }

  async #request(method: number, attributes: Attributes): Promise<StunMessage> {
    const transaction = newTransaction();
    const answered = Promise.withResolvers<StunMessage>();
    this.#answers.set(transaction, answered.resolve);
    const silence = setTimeout(
      () => answered.reject(new TurnError({ fault: 'silent' })),
      TURN_TIMEOUT_MS,
    );
    let resend: NodeJS.Timeout | undefined;
    answered.promise.catch(() => {});
    try {
      const all = [...attributes, ...this.#signature];
      const bytes = encodeStun(method, transaction, all, this.#key);
      const wire = await Promise.race([this.#wire, answered.promise, this.#failed.promise]);
      if ('transaction' in wire) return wire;
      wire.send(bytes);
      if (!wire.isReliable) resend = setInterval(() => wire.send(bytes), RESEND_EVERY_MS);
      return await Promise.race([answered.promise, this.#failed.promise]);
    } finally {
      clearTimeout(silence);
      clearInterval(resend);
      this.#answers.delete(transaction);
    }
  }

  #take(bytes: Buffer): void {
    const message = decodeStun(bytes);
    if (message === null) return;
    this.#answers.get(message.transaction)?.(message);
    const from = readXorAddress(message, ATTRIBUTE.xorPeerAddress);
    const data = message.attributes.get(ATTRIBUTE.data);
    if (message.type !== DATA_INDICATION || from === null || data === undefined) return;
    this.#heard(from, data);
  }
}

function asTurnError(error: unknown): TurnError {
  if (error instanceof TurnError) return error;
  const { code } = error as NodeJS.ErrnoException;
  return new TurnError({ fault: 'unreachable', code: code ?? String(error) });
}

/** @throws Error if the host has no address */
async function openWire(
  url: TurnUrl,
  take: (bytes: Buffer) => void,
  failed: (error: Error) => void,
): Promise<Wire> {
  const { address, family } = await lookup(url.host);
  const port = url.port ?? (url.scheme === 'turns' ? 5_349 : 3_478);
  if (url.scheme === 'turn' && url.transport !== 'tcp') {
    const socket = createSocket(family === 4 ? 'udp4' : 'udp6');
    socket.on('message', take);
    socket.on('error', failed);
    return {
      isReliable: false,
      send: (bytes) => socket.send(bytes, port, address),
      close: () => socket.close(),
    };
  }
  const servername = isIP(url.host) === 0 ? url.host : '';
  const socket =
    url.scheme === 'turns'
      ? connectTls({ host: address, port, servername })
      : connect(port, address);
  let buffered: Buffer = Buffer.alloc(0);
  socket.on('error', failed);
  socket.on('close', () => failed(new TurnError({ fault: 'unreachable', code: 'closed' })));
  socket.on('data', (bytes: Buffer) => {
    buffered = Buffer.concat([buffered, bytes]);
    for (;;) {
      const length = lengthOfStun(buffered);
      if (length === null || buffered.length < length) return;
      take(buffered.subarray(0, length));
      buffered = buffered.subarray(length);
    }
  });
  return {
    isReliable: true,
    send: (bytes) => socket.write(bytes),
    close: () => socket.destroy(),
  };
}

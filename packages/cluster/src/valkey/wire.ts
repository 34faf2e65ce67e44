import { isIP } from 'node:net';
import { Valkey } from 'iovalkey';
import { SENTINEL_ANSWER_MS, WIRE_CONNECT_MS, WIRE_RETRY_MS } from '../limits.ts';
import type { ValkeyLocation } from './location.ts';

/** `CLIENT REPLY SKIP`: the server doesn't answer the next command. */
const NO_REPLY = '*3\r\n$6\r\nCLIENT\r\n$5\r\nREPLY\r\n$4\r\nSKIP\r\n';
const LINE_END = Buffer.from('\r\n');

/** Receives what a wire delivers. Methods may be called at any time between event-loop turns. */
export interface WireListener {
  message(channel: string, bytes: Buffer): void;
  /** Both connections are open, and the channels are subscribed again. */
  up(): void;
  /** Messages may be lost from now on, and may have been lost already. */
  down(): void;
  /** All channels are subscribed. */
  subscribed(): void;
}

/** The connections of a node to Valkey. */
export interface Wire {
  readonly isUp: boolean;
  /** Whether channels wait for the server's confirmation of their subscription. */
  readonly isSubscribing: boolean;
  /**
   * Code of the latest error since the latest script that ran, such as `OOM` or `ECONNREFUSED`. Null
   * without an error, also while the server is only silent.
   */
  readonly errorCode: string | null;
  attach(listener: WireListener): void;
  publish(channel: string, bytes: Buffer): void;
  subscribe(channel: string): void;
  unsubscribe(channel: string): void;
  /** Runs a script. Rejects if the connection fails or the server reports an error. */
  run(
    script: string,
    keys: readonly string[],
    args: readonly (string | number)[],
  ): Promise<unknown>;
  /** Replaces both connections, because the server doesn't answer or refuses to write. */
  reset(): void;
  /** Resolves when everything that the server has sent so far has been received. */
  settled(): Promise<void>;
  close(): void;
}

/**
 * Talks to Valkey over two connections, because a connection that has subscriptions runs no other
 * commands. Queues nothing while a connection is closed: a late message is worth less than a
 * prompt report of the loss.
 */
export class ValkeyWire implements Wire {
  readonly #commands: Valkey;
  readonly #subscriber: Valkey;
  readonly #channels = new Set<string>();
  #listener: WireListener | null = null;
  #areCommandsReady = false;
  #isSubscriberReady = false;
  #isUp = false;
  #subscribing = 0;
  #isClosed = false;
  #lastError: Error | null = null;
  #errorCode: string | null = null;

  constructor(location: ValkeyLocation) {
    this.#commands = connect(location);
    this.#subscriber = connect(location);
    this.#commands.on('ready', () => {
      this.#areCommandsReady = true;
      this.#check();
    });
    this.#subscriber.on('ready', () => void this.#subscribeAgain());
    this.#subscriber.on('messageBuffer', (channel: Buffer, bytes: Buffer) => {
      this.#listener?.message(channel.toString(), bytes);
    });
    for (const client of [this.#commands, this.#subscriber]) {
      client.on('error', (error: Error) => {
        this.#lastError = error;
        this.#errorCode = codeOf(error) ?? this.#errorCode;
      });
      client.on('close', () => {
        if (client === this.#commands) this.#areCommandsReady = false;
        else this.#isSubscriberReady = false;
        this.#check();
      });
      client.on('end', () => this.#connectAgain(client));
    }
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  get isSubscribing(): boolean {
    return this.#subscribing > 0;
  }

  get errorCode(): string | null {
    return this.#errorCode;
  }

  attach(listener: WireListener): void {
    this.#listener = listener;
  }

  /** Opens both connections. @throws the error of the first attempt, or after `WIRE_CONNECT_MS` */
  async open(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_, reject) => {
      const error = new Error(`nothing answered within ${WIRE_CONNECT_MS} ms`);
      timer = setTimeout(() => reject(error), WIRE_CONNECT_MS);
    });
    const connected = Promise.all([this.#commands.connect(), this.#subscriber.connect()]);
    try {
      await Promise.race([connected, timeout]);
    } catch (error) {
      connected.catch(ignore);
      // The client reports a closed connection, and the reason as an event.
      throw this.#lastError ?? error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** @throws the reason for which the server closed the connection, if it did */
  async info(section: string): Promise<string> {
    try {
      return await this.#commands.info(section);
    } catch (error) {
      throw this.#lastError ?? error;
    }
  }

  /**
   * Tries each command that a node uses. Some of them fail unnoticed later, because `publish` has no
   * reply.
   *
   * @param prefix of the names of keys and a channel, which stay empty
   * @throws the server's refusal, if its user lacks a right
   */
  async checkRights(prefix: string): Promise<void> {
    const [commands, subscriber] = [this.#commands, this.#subscriber];
    // Two keys, because another node may check at the same time.
    const [text, hash, channel] = [`${prefix}text`, `${prefix}hash`, `${prefix}channel`];
    await Promise.all([
      ...[this.settled(), commands.client('REPLY', 'ON'), commands.eval('return 1', 1, text)],
      ...[commands.time(), commands.publish(channel, '')],
      ...[commands.hset(hash, 'field', ''), commands.hgetall(hash), commands.hdel(hash, 'field')],
      ...[commands.set(text, '', 'PX', 1), commands.get(text), commands.pexpire(text, 1)],
      ...[subscriber.subscribe(channel), subscriber.unsubscribe(channel)],
    ]);
  }

  publish(channel: string, bytes: Buffer): void {
    const { stream } = this.#commands;
    if (!this.#areCommandsReady || !stream.writable) return;
    stream.write(publishWithoutReply(channel, bytes));
  }

  subscribe(channel: string): void {
    this.#channels.add(channel);
    if (this.#isSubscriberReady) void this.#confirm(this.#subscriber.subscribe(channel));
  }

  unsubscribe(channel: string): void {
    this.#channels.delete(channel);
    if (this.#isSubscriberReady) this.#subscriber.unsubscribe(channel).catch(ignore);
  }

  async run(
    script: string,
    keys: readonly string[],
    args: readonly (string | number)[],
  ): Promise<unknown> {
    try {
      const result = await this.#commands.eval(script, keys.length, ...keys, ...args);
      this.#errorCode = null;
      return result;
    } catch (error) {
      this.#errorCode = codeOf(error) ?? this.#errorCode;
      throw error;
    }
  }

  reset(): void {
    for (const client of [this.#commands, this.#subscriber]) {
      // A client that is looking for the server would give up instead of trying again.
      if (client.status === 'ready' || client.status === 'connect') client.disconnect(true);
    }
  }

  async settled(): Promise<void> {
    await this.#commands.ping();
    await this.#subscriber.ping();
  }

  close(): void {
    this.#isClosed = true;
    for (const client of [this.#commands, this.#subscriber]) client.disconnect();
  }

  /** The client gives up if its connection is closed while it looks for the server. */
  #connectAgain(client: Valkey): void {
    if (this.#isClosed) return;
    setTimeout(() => {
      if (!this.#isClosed && client.status === 'end') client.connect().catch(ignore);
    }, WIRE_RETRY_MS);
  }

  async #subscribeAgain(): Promise<void> {
    const channels = [...this.#channels];
    try {
      if (channels.length > 0) await this.#subscriber.subscribe(...channels);
    } catch {
      // The connection has failed again; the next one subscribes.
      return;
    }
    this.#isSubscriberReady = true;
    const added = [...this.#channels].filter((channel) => !channels.includes(channel));
    if (added.length > 0) void this.#confirm(this.#subscriber.subscribe(...added));
    this.#check();
  }

  async #confirm(subscribed: Promise<unknown>): Promise<void> {
    this.#subscribing += 1;
    await subscribed.catch(ignore);
    this.#subscribing -= 1;
    if (this.#subscribing === 0) this.#listener?.subscribed();
  }

  #check(): void {
    const isUp = this.#areCommandsReady && this.#isSubscriberReady;
    if (isUp === this.#isUp) return;
    this.#isUp = isUp;
    if (isUp) this.#listener?.up();
    else this.#listener?.down();
  }
}

function connect(location: ValkeyLocation): Valkey {
  const { hosts, service, isTls, user, password } = location;
  const [first] = hosts;
  // Without `servername`, a certificate is checked against the host to which the client connects,
  // but the server isn't told its name. The name of a server that Sentinels watch isn't known here.
  const isNamed = service === null && first !== undefined && isIP(first.host) === 0;
  const named = isNamed ? { servername: first.host } : {};
  const tls = isTls ? { tls: named, sentinelTLS: {} } : {};
  return new Valkey({
    ...(service === null
      ? { host: first?.host ?? '', port: first?.port ?? 0 }
      : {
          sentinels: hosts.map((host) => ({ ...host })),
          name: service,
          role: 'master',
          failoverDetector: true,
          enableTLSForSentinelMode: isTls,
          sentinelRetryStrategy: () => WIRE_RETRY_MS,
          sentinelCommandTimeout: SENTINEL_ANSWER_MS,
        }),
    ...tls,
    ...(user !== null && { username: user }),
    ...(password !== null && { password }),
    lazyConnect: true,
    connectTimeout: WIRE_CONNECT_MS,
    retryStrategy: () => WIRE_RETRY_MS,
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
    enableOfflineQueue: false,
    autoResubscribe: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
  });
}

/**
 * Encodes PUBLISH after a command that suppresses its reply. A reply for each batch would wake this
 * process a second time. The client expects a reply to each command that it sends, so both commands
 * are written to its connection directly.
 */
function publishWithoutReply(channel: string, bytes: Buffer): Buffer {
  const head =
    `${NO_REPLY}*3\r\n$7\r\nPUBLISH\r\n$${Buffer.byteLength(channel)}\r\n${channel}\r\n` +
    `$${bytes.length}\r\n`;
  return Buffer.concat([Buffer.from(head), bytes, LINE_END]);
}

/** Word in capitals with which a server's refusal begins. */
const REFUSAL_CODE = /^([A-Z]{2,20}) /;

/** Returns the code of a system's error or of a server's refusal; null for other errors. */
function codeOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return REFUSAL_CODE.exec(error.message)?.[1] ?? null;
}

function ignore(): void {}

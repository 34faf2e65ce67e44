import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:http';
import { request as requestTls } from 'node:https';
import type { Duplex } from 'node:stream';

/** How a site is reached by a program that is no browser. */
export interface Way {
  /** Such as `https://meet.test`: what is asked for, whatever the way to it. */
  readonly origin: string;
  /** Another way there than the origin's own: a socket file, or a port of this machine. */
  readonly by?: { readonly socketPath: string } | { readonly port: number };
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

interface Asked {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Asks a site for something. Certificates are not looked at: an attacker would not mind. */
export async function ask(way: Way, asked: Asked): Promise<Answer> {
  const sent = requestBy(way, asked);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    sent.once('response', resolve);
    sent.once('error', reject);
    sent.end(asked.body);
  });
  let body = '';
  response.setEncoding('utf8');
  for await (const chunk of response) body += String(chunk);
  return { status: response.statusCode ?? 0, headers: response.headers, body };
}

function requestBy({ origin, by }: Way, { method, path, headers }: Asked) {
  const { protocol, hostname, port, host } = new URL(origin);
  const options = {
    hostname,
    port,
    ...by,
    method,
    path,
    headers: { Host: host, ...headers },
    agent: false,
  };
  return protocol === 'https:'
    ? requestTls({ ...options, servername: hostname, rejectUnauthorized: false })
    : request(options);
}

const TEXT = 0x1;
const CLOSE = 0x8;
const PING = 0x9;
const PONG = 0xa;

const FINAL = 0x80;
const MASKED = 0x80;

/**
 * A WebSocket that sends what it is told to, byte for byte, and reads the whole, unmasked frames
 * that our servers send (RFC 6455, section 5).
 */
export class RawWebSocket {
  readonly #stream: Duplex;
  #rest: Buffer;
  #closed: string | null = null;
  onText: (text: string) => void = () => {};
  /** Called once, with the code and reason of the server's, or with what was wrong. */
  onClose: (why: string) => void = () => {};

  private constructor(stream: Duplex, head: Buffer) {
    this.#stream = stream;
    this.#rest = head;
    stream.on('data', (chunk: Buffer) => {
      this.#rest = Buffer.concat([this.#rest, chunk]);
      this.#read();
    });
    stream.on('error', (error: Error) => this.#end(error.message));
    stream.on('close', () => this.#end('closed without a word'));
  }

  /** @throws Error when the server does not upgrade */
  static async open(
    way: Way,
    path: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<RawWebSocket> {
    const sent = requestBy(way, {
      method: 'GET',
      path,
      headers: {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
        ...headers,
      },
    });
    return await new Promise((resolve, reject) => {
      sent.once('upgrade', (_response, stream, head) => resolve(new RawWebSocket(stream, head)));
      sent.once('response', (response) => {
        response.resume();
        reject(new Error(`no upgrade: ${response.statusCode}`));
      });
      sent.once('error', reject);
      sent.end();
    });
  }

  /** What came with the upgrade is read once somebody listens. */
  listen(on: {
    readonly text: (text: string) => void;
    readonly close: (why: string) => void;
  }): void {
    this.onText = on.text;
    this.onClose = on.close;
    this.#read();
  }

  send(text: string): void {
    this.#write(TEXT, Buffer.from(text));
  }

  /** Goes without a close frame, as a crash does. */
  drop(): void {
    this.#stream.destroy();
  }

  #write(opcode: number, payload: Buffer): void {
    const mask = randomBytes(4);
    const { length } = payload;
    const head = Buffer.alloc(length < 126 ? 2 : 4);
    head[0] = FINAL | opcode;
    head[1] = MASKED | (length < 126 ? length : 126);
    // A frame of ours fits in 16 bits: the node closes at 16 KiB.
    if (length >= 126) head.writeUInt16BE(length, 2);
    const masked = payload.map((byte, i) => byte ^ (mask[i % 4] ?? 0));
    this.#stream.write(Buffer.concat([head, mask, masked]));
  }

  #read(): void {
    for (;;) {
      const frame = takeFrame(this.#rest);
      if (frame === null) return;
      this.#rest = frame.rest;
      if (frame.opcode === TEXT) this.onText(frame.payload.toString('utf8'));
      if (frame.opcode === PING) this.#write(PONG, frame.payload);
      if (frame.opcode === CLOSE) {
        const code = frame.payload.length < 2 ? 'no code' : frame.payload.readUInt16BE(0);
        this.#end(`${code} ${frame.payload.toString('utf8', 2)}`);
        this.#stream.end();
      }
    }
  }

  #end(why: string): void {
    if (this.#closed !== null) return;
    this.#closed = why;
    this.onClose(why);
  }
}

interface Taken {
  readonly opcode: number;
  readonly payload: Buffer;
  readonly rest: Buffer;
}

/** The first frame of some bytes, or null while it is not all there. */
function takeFrame(bytes: Buffer): Taken | null {
  const [first, second] = bytes;
  if (first === undefined || second === undefined) return null;
  const header = second === 126 ? 4 : second === 127 ? 10 : 2;
  if (bytes.length < header) return null;
  const length =
    header === 2 ? second : header === 4 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  if (bytes.length < header + length) return null;
  return {
    opcode: first & 0x0f,
    payload: bytes.subarray(header, header + length),
    rest: bytes.subarray(header + length),
  };
}

import { connect, type Socket } from 'node:net';
import { clientFrame, FrameReader, NORMAL_CLOSURE, OPCODE, type TakeFrame } from './frames.ts';

/** Any key works against our servers. */
const MASK = Buffer.of(0x37, 0xfa, 0x21, 0x3d);
/** Example of RFC 6455, section 1.3. */
const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const HEADERS_END = '\r\n\r\n';
/** Backlog limit for a server that stops reading. */
const UNSENT_BYTES_MAX = 1_048_576;

export interface LoadSocketOptions {
  readonly port: number;
  readonly from: string;
  readonly path: string;
  readonly headers: readonly string[];
  readonly onFrame: TakeFrame;
  /** Called once, with the code and reason of the server's close frame if there was one. */
  readonly onClose: (why: string) => void;
}

export async function connectFrom(port: number, from: string): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from, noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  socket.removeAllListeners('error');
  // 'close' follows.
  socket.on('error', () => {});
  return socket;
}

/** A minimal WebSocket client: it answers pings and closes. */
export class LoadSocket {
  readonly #socket: Socket;
  readonly #reader = new FrameReader();
  readonly #closed: Promise<void>;
  #lost: string | null = null;

  /** @throws Error when the server refuses to upgrade */
  static async open(options: LoadSocketOptions): Promise<LoadSocket> {
    const { port, from, path, headers } = options;
    const socket = await connectFrom(port, from);
    const upgraded = readHead(socket);
    const lines = [
      `GET ${path} HTTP/1.1`,
      `Host: localhost:${port}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${KEY}`,
      ...headers,
    ];
    socket.write(lines.join('\r\n') + HEADERS_END);
    const { head, rest } = await upgraded;
    if (!head.startsWith('HTTP/1.1 101')) {
      socket.destroy();
      throw new Error(`no upgrade: ${head.split('\r\n')[0]}`);
    }
    return new LoadSocket(socket, rest, options);
  }

  private constructor(socket: Socket, rest: Buffer, { onFrame, onClose }: LoadSocketOptions) {
    this.#socket = socket;
    let why = 'closed without a close frame';
    const take: TakeFrame = (opcode, payload) => {
      if (opcode === OPCODE.ping) {
        socket.write(clientFrame(OPCODE.pong, payload, MASK));
      } else if (opcode === OPCODE.close) {
        if (payload.length >= 2) {
          why = `closed with ${payload.readUInt16BE()} ${payload.toString('utf8', 2)}`;
        }
        socket.end(clientFrame(OPCODE.close, payload, MASK));
      } else {
        onFrame(opcode, payload);
      }
    };
    socket.on('data', (chunk: Buffer) => this.#reader.push(chunk, take));
    this.#closed = new Promise((resolve) => {
      socket.once('close', () => {
        resolve();
        this.#lost = why;
        onClose(why);
      });
    });
    if (rest.length > 0) setImmediate(() => this.#reader.push(rest, take));
    socket.resume();
  }

  /** Null while open; else why it closed. */
  get lost(): string | null {
    return this.#lost;
  }

  sendText(text: string): void {
    this.#socket.write(clientFrame(OPCODE.text, Buffer.from(text), MASK));
  }

  /** True when the server stopped reading and the backlog is full. */
  get isFull(): boolean {
    return this.#socket.writableLength > UNSENT_BYTES_MAX;
  }

  write(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  stopReading(): void {
    this.#socket.pause();
  }

  async close(): Promise<void> {
    if (!this.#socket.destroyed) {
      this.#socket.write(clientFrame(OPCODE.close, NORMAL_CLOSURE, MASK));
    }
    await this.#closed;
  }
}

/** Reads to the end of an HTTP head, then pauses the socket for its next reader. */
async function readHead(socket: Socket): Promise<{ head: string; rest: Buffer }> {
  return await new Promise((resolve, reject) => {
    let bytes: Buffer = Buffer.alloc(0);
    const lost = (): void => reject(new Error('closed before it answered'));
    const read = (chunk: Buffer): void => {
      bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
      const end = bytes.indexOf(HEADERS_END);
      if (end === -1) return;
      socket.pause();
      socket.off('data', read);
      socket.off('close', lost);
      const rest = bytes.subarray(end + HEADERS_END.length);
      resolve({ head: bytes.toString('latin1', 0, end), rest });
    };
    socket.on('data', read);
    socket.once('close', lost);
  });
}

/**
 * Sends one POST with a JSON body on a new connection.
 * @param cookie `name=value` of a returning user
 */
export async function post(
  port: number,
  from: string,
  path: string,
  body: string,
  cookie: string | null = null,
): Promise<{ head: string; body: string }> {
  const socket = await connectFrom(port, from);
  const answer = new Promise<string>((resolve) => {
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.once('close', () => resolve(Buffer.concat(chunks).toString('utf8')));
  });
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: localhost:${port}\r\nOrigin: http://localhost:${port}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n` +
      (cookie === null ? '' : `Cookie: ${cookie}\r\n`) +
      `Connection: close${HEADERS_END}${body}`,
  );
  const text = await answer;
  const end = text.indexOf(HEADERS_END);
  return { head: text.slice(0, end), body: text.slice(end + HEADERS_END.length) };
}

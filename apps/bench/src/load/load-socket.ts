import { connect, type Socket } from 'node:net';
import {
  clientFrame,
  closeFrame,
  type Head,
  OPCODE,
  type ServerFrame,
  ServerFrames,
  splitHead,
  textFrame,
  upgradeRequest,
} from '@farandole/e2e/web-socket-bytes';

/** Number of unsent bytes from which the client assumes that the server no longer reads. */
const UNSENT_BYTES_MAX = 1_048_576;

export interface LoadSocketOptions {
  readonly port: number;
  readonly from: string;
  readonly path: string;
  readonly headers: readonly string[];
  /**
   * The frame's payload is a view of the socket's chunk, so the handler must read it before it
   * returns.
   */
  readonly onFrame: (frame: ServerFrame) => void;
  /**
   * Called once when the socket closes, with the code and reason of the server's close frame if
   * the server sent one.
   */
  readonly onClose: (why: string) => void;
}

export async function connectFrom(port: number, from: string): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from, noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  socket.removeAllListeners('error');
  // An 'error' event needs no handling, because a 'close' event follows.
  socket.on('error', () => {});
  return socket;
}

/** A minimal WebSocket client that answers ping frames and close frames. */
export class LoadSocket {
  readonly #socket: Socket;
  readonly #frames = new ServerFrames();
  readonly #closed: Promise<void>;
  #lost: string | null = null;

  /** @throws Error when the server refuses the WebSocket upgrade */
  static async open(options: LoadSocketOptions): Promise<LoadSocket> {
    const { port, from, path, headers } = options;
    const socket = await connectFrom(port, from);
    const upgraded = readHead(socket);
    socket.write(upgradeRequest(path, `localhost:${port}`, headers));
    const { head, rest } = await upgraded;
    if (!head.startsWith('HTTP/1.1 101')) {
      socket.destroy();
      throw new Error(`no upgrade: ${head.split('\r\n')[0]}`);
    }
    return new LoadSocket(socket, rest, options);
  }

  private constructor(socket: Socket, rest: Buffer, { onFrame, onClose }: LoadSocketOptions) {
    this.#socket = socket;
    let why = 'closed without a word';
    const take = (frame: ServerFrame): void => {
      const { opcode, payload } = frame;
      if (opcode === OPCODE.ping) {
        socket.write(clientFrame({ opcode: OPCODE.pong, payload }));
      } else if (opcode === OPCODE.close) {
        if (payload.length >= 2) {
          why = `closed with ${payload.readUInt16BE()} ${payload.toString('utf8', 2)}`;
        }
        socket.end(clientFrame({ opcode: OPCODE.close, payload }));
      } else {
        onFrame(frame);
      }
    };
    socket.on('data', (chunk: Buffer) => this.#frames.push(chunk, take));
    this.#closed = new Promise((resolve) => {
      socket.once('close', () => {
        resolve();
        this.#lost = why;
        onClose(why);
      });
    });
    if (rest.length > 0) setImmediate(() => this.#frames.push(rest, take));
    socket.resume();
  }

  /** Why the socket closed; null while it is open. */
  get lost(): string | null {
    return this.#lost;
  }

  sendText(text: string): void {
    this.#socket.write(textFrame(text));
  }

  /** True if the server stopped reading and the client's backlog is full. */
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
    if (!this.#socket.destroyed) this.#socket.write(closeFrame(1000));
    await this.#closed;
  }
}

/**
 * Reads from the socket to the end of an HTTP head, then pauses the socket so that the next
 * reader loses no bytes.
 */
async function readHead(socket: Socket): Promise<Head> {
  return await new Promise((resolve, reject) => {
    let bytes: Buffer = Buffer.alloc(0);
    const lost = (): void => reject(new Error('closed before it answered'));
    const read = (chunk: Buffer): void => {
      bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
      const split = splitHead(bytes);
      if (split === null) return;
      socket.pause();
      socket.off('data', read);
      socket.off('close', lost);
      resolve(split);
    };
    socket.on('data', read);
    socket.once('close', lost);
  });
}

import type { Socket } from 'node:net';
import { BARE_MESSAGES, type LoadClient, PAIRED, type Said } from './load-client.ts';
import { connectFrom, LoadSocket } from './load-socket.ts';

const MESSAGE_BYTES = Buffer.byteLength(BARE_MESSAGES.chat);
const PAIRED_BYTES = Buffer.byteLength(PAIRED);

export class BareWsClient implements LoadClient {
  delivered = 0;
  lost: string | null = null;
  readonly #port: number;
  readonly #from: string;
  readonly #paired = Promise.withResolvers<void>();
  #socket: LoadSocket | null = null;
  #isPaired = false;

  constructor(port: number, from: string) {
    this.#port = port;
    this.#from = from;
  }

  async prepare(): Promise<void> {}

  async open(): Promise<void> {
    this.#socket = await LoadSocket.open({
      port: this.#port,
      from: this.#from,
      path: '/',
      headers: [],
      onFrame: () => this.#take(),
      onClose: (why) => {
        this.lost ??= why;
      },
    });
  }

  async pair(): Promise<void> {
    await this.#paired.promise;
  }

  say(said: Said): void {
    this.#socket?.sendText(BARE_MESSAGES[said]);
  }

  tick(): void {}

  async leave(): Promise<void> {
    this.lost ??= 'left';
    await this.#socket?.close();
  }

  #take(): void {
    if (this.#isPaired) {
      this.delivered += 1;
    } else {
      this.#isPaired = true;
      this.#paired.resolve();
    }
  }
}

export class BareTcpClient implements LoadClient {
  lost: string | null = null;
  readonly #port: number;
  readonly #from: string;
  readonly #paired = Promise.withResolvers<void>();
  #socket: Socket | null = null;
  #bytes = 0;

  constructor(port: number, from: string) {
    this.#port = port;
    this.#from = from;
  }

  get delivered(): number {
    return Math.max(0, Math.floor((this.#bytes - PAIRED_BYTES) / MESSAGE_BYTES));
  }

  async prepare(): Promise<void> {}

  async open(): Promise<void> {
    const socket = await connectFrom(this.#port, this.#from);
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#bytes += chunk.length;
      if (this.#bytes >= PAIRED_BYTES) this.#paired.resolve();
    });
    socket.once('close', () => {
      this.lost ??= 'closed';
    });
  }

  async pair(): Promise<void> {
    await this.#paired.promise;
  }

  say(said: Said): void {
    this.#socket?.write(BARE_MESSAGES[said]);
  }

  tick(): void {}

  async leave(): Promise<void> {
    this.lost ??= 'left';
    const socket = this.#socket;
    if (socket === null || socket.destroyed) return;
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.end();
    await closed;
  }
}

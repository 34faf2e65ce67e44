import type { Socket } from 'node:net';
import { FloorClient } from './floor-client.ts';
import { BARE_MESSAGES, type LoadClient, PAIRED, type Said } from './load-client.ts';
import { connectFrom } from './load-socket.ts';

const MESSAGE_BYTES = Buffer.byteLength(BARE_MESSAGES.chat);
const PAIRED_BYTES = Buffer.byteLength(PAIRED);

export class BareWsClient extends FloorClient {
  #isPaired = false;

  constructor(port: number, from: string) {
    super(port, from, '/');
  }

  say(said: Said): void {
    this.send(BARE_MESSAGES[said]);
  }

  protected take(): void {
    if (this.#isPaired) {
      this.delivered += 1;
    } else {
      this.#isPaired = true;
      this.paired.resolve();
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

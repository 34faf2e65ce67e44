import type { LoadClient, Said } from './load-client.ts';
import { LoadSocket } from './load-socket.ts';

/** A client of a floor on WebSocket. A subclass knows the messages of the floor. */
export abstract class FloorClient implements LoadClient {
  delivered = 0;
  lost: string | null = null;
  protected readonly paired = Promise.withResolvers<void>();
  readonly #port: number;
  readonly #from: string;
  readonly #path: string;
  #socket: LoadSocket | null = null;

  constructor(port: number, from: string, path: string) {
    this.#port = port;
    this.#from = from;
    this.#path = path;
  }

  async prepare(): Promise<void> {}

  async open(): Promise<void> {
    this.#socket = await LoadSocket.open({
      port: this.#port,
      from: this.#from,
      path: this.#path,
      headers: [],
      onFrame: ({ payload }) => this.take(payload),
      onClose: (why) => {
        this.lost ??= why;
      },
    });
  }

  async pair(): Promise<void> {
    await this.paired.promise;
  }

  abstract say(said: Said): void;

  tick(): void {}

  async leave(): Promise<void> {
    this.lost ??= 'left';
    await this.#socket?.close();
  }

  /** Handles a frame. The payload is valid only until the method returns. */
  protected abstract take(payload: Buffer): void;

  protected send(text: string): void {
    this.#socket?.sendText(text);
  }
}

import { BARE_MESSAGES, type LoadClient, type Said } from './load-client.ts';
import { LoadSocket } from './load-socket.ts';

const PATH = '/socket.io/?EIO=4&transport=websocket';
/** Packets of Engine.IO and Socket.IO, protocol 5, as a WebSocket frame carries them. */
const PACKET = { ping: '2', pong: '3', connect: '40', event: '42' } as const;

/** A client of the relay on socket.io. It writes the packets itself, as cheaply as other clients. */
export class SocketIoClient implements LoadClient {
  delivered = 0;
  lost: string | null = null;
  readonly #port: number;
  readonly #from: string;
  readonly #connected = Promise.withResolvers<void>();
  readonly #paired = Promise.withResolvers<void>();
  #socket: LoadSocket | null = null;

  constructor(port: number, from: string) {
    this.#port = port;
    this.#from = from;
  }

  async prepare(): Promise<void> {}

  async open(): Promise<void> {
    this.#socket = await LoadSocket.open({
      port: this.#port,
      from: this.#from,
      path: PATH,
      headers: [],
      onFrame: ({ payload }) => this.#take(payload.toString('latin1', 0, 12)),
      onClose: (why) => {
        this.lost ??= why;
      },
    });
    this.#socket.sendText(PACKET.connect);
    await this.#connected.promise;
  }

  async pair(): Promise<void> {
    this.#socket?.sendText(`${PACKET.event}["search"]`);
    await this.#paired.promise;
  }

  say(said: Said): void {
    this.#socket?.sendText(`${PACKET.event}["${said}",${JSON.stringify(BARE_MESSAGES[said])}]`);
  }

  tick(): void {}

  async leave(): Promise<void> {
    this.lost ??= 'left';
    await this.#socket?.close();
  }

  #take(start: string): void {
    if (start.startsWith(PACKET.connect)) this.#connected.resolve();
    else if (start.startsWith(`${PACKET.event}["pair`)) this.#paired.resolve();
    else if (start.startsWith(PACKET.event)) this.delivered += 1;
    else if (start === PACKET.ping) this.#socket?.sendText(PACKET.pong);
  }
}

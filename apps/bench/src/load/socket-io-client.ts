import { FloorClient } from './floor-client.ts';
import { BARE_MESSAGES, type Said } from './load-client.ts';

const PATH = '/socket.io/?EIO=4&transport=websocket';
/** Packets of Engine.IO and Socket.IO, protocol 5, as a WebSocket frame carries them. */
const PACKET = { ping: '2', pong: '3', connect: '40', event: '42' } as const;

/** Names of the events of a relay on socket.io. */
export interface SocketIoEvents {
  /** Sent by a client that searches. */
  readonly search: string;
  /** Received by both clients of a pair. */
  readonly paired: string;
  readonly chat: string;
  readonly typing: string;
}

/** The events of `socket-io-relay.ts`. */
export const SOCKET_IO_EVENTS: SocketIoEvents = {
  search: 'search',
  paired: 'paired',
  chat: 'chat',
  typing: 'typing',
};

/** A client of a relay on socket.io. It writes the packets itself, as cheaply as other clients. */
export class SocketIoClient extends FloorClient {
  readonly #connected = Promise.withResolvers<void>();
  readonly #events: SocketIoEvents;
  readonly #starts: { readonly paired: string; readonly chat: string; readonly typing: string };

  constructor(port: number, from: string, events = SOCKET_IO_EVENTS) {
    super(port, from, PATH);
    this.#events = events;
    const startOf = (name: string): string => `${PACKET.event}[${JSON.stringify(name)}`;
    const { paired, chat, typing } = events;
    this.#starts = { paired: startOf(paired), chat: startOf(chat), typing: startOf(typing) };
  }

  override async open(): Promise<void> {
    await super.open();
    this.send(PACKET.connect);
    await this.#connected.promise;
  }

  override async pair(): Promise<void> {
    this.send(`${PACKET.event}${JSON.stringify([this.#events.search])}`);
    await super.pair();
  }

  say(said: Said): void {
    this.send(`${PACKET.event}${JSON.stringify([this.#events[said], BARE_MESSAGES[said]])}`);
  }

  protected take(payload: Buffer): void {
    const { chat, typing, paired } = this.#starts;
    const startsWith = (start: string): boolean =>
      payload.toString('latin1', 0, start.length) === start;
    if (startsWith(chat) || startsWith(typing)) this.delivered += 1;
    else if (startsWith(paired)) this.paired.resolve();
    else if (startsWith(PACKET.connect)) this.#connected.resolve();
    else if (startsWith(PACKET.ping) && payload.length === 1) this.send(PACKET.pong);
  }
}

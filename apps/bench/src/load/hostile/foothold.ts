import type { Socket } from 'node:net';
import { SOCKET_PATH } from '@farandole/protocol/http-api';
import { connectFrom, LoadSocket } from '../load-socket.ts';
import { Participant } from '../participant.ts';

/** Where an attacker strikes, and from which of its addresses. */
export interface Target {
  readonly port: number;
  readonly from: string;
}

/** One socket of an attacker's. */
export interface Foothold {
  /** Why it is not connected any more, or null: it is. */
  readonly lost: string | null;
  /** Sends what it has to send at once. @returns how many messages that were */
  fire(): number;
}

/** What a session sends in one write, and how many messages that are. */
export interface Burst {
  readonly bytes: Buffer;
  readonly messages: number;
}

/** A cookie has to have the shape of one; whose it is shows only in a hello. */
const MADE_UP_COOKIE = `__Host-farandole=${'a'.repeat(43)}`;

/** An open session: a cookie, a ticket, a signed hello, an adult's word, as of any person. */
export async function holdSession(
  { port, from }: Target,
  burstOf: (participant: Participant) => Burst,
): Promise<Foothold> {
  const participant = new Participant(port, from);
  await participant.prepare();
  await participant.open();
  return {
    get lost() {
      // A refusal in words costs a person the day, and an attacker nothing.
      return participant.socket?.lost ?? null;
    },
    fire: () => {
      const { socket } = participant;
      if (socket === null || socket.isFull) return 0;
      const { bytes, messages } = burstOf(participant);
      socket.write(bytes);
      return messages;
    },
  };
}

/** A WebSocket that never says hello. */
export async function holdWebSocket(
  { port, from }: Target,
  burst: Burst,
  options: { readonly headers?: readonly string[]; readonly reads?: boolean } = {},
): Promise<Foothold> {
  const socket = await LoadSocket.open({
    port,
    from,
    path: SOCKET_PATH,
    headers: [
      `Origin: http://localhost:${port}`,
      `Cookie: ${MADE_UP_COOKIE}`,
      ...(options.headers ?? []),
    ],
    onFrame: () => {},
    onClose: () => {},
  });
  if (options.reads === false) socket.stopReading();
  return {
    get lost() {
      return socket.lost;
    },
    fire: () => {
      if (socket.isFull) return 0;
      socket.write(burst.bytes);
      return burst.messages;
    },
  };
}

/** A TCP socket on which HTTP is spoken, or what looks like it. */
export async function holdTcp(
  { port, from }: Target,
  first: string,
  burst: Burst,
): Promise<Foothold> {
  const socket: Socket = await connectFrom(port, from);
  let lost: string | null = null;
  socket.on('data', () => {});
  socket.once('close', () => {
    lost = 'closed';
  });
  socket.write(first);
  return {
    get lost() {
      return lost;
    },
    fire: () => {
      socket.write(burst.bytes);
      return burst.messages;
    },
  };
}

import type { Socket } from 'node:net';
import { askForTicket } from '@farandole/e2e/http';
import { type SessionTicketReply, SOCKET_PATH, SUBPROTOCOL } from '@farandole/protocol/http-api';
import { connectFrom, LoadSocket } from '../load-socket.ts';
import { Participant } from '../participant.ts';

export interface Target {
  readonly port: number;
  readonly from: string;
}

export interface Foothold {
  readonly lost: string | null;
  /** @returns the number of messages sent */
  fire(): number;
}

export interface Burst {
  readonly bytes: Buffer;
  readonly messages: number;
}

/**
 * Opens a session as a user's page does: it gets a cookie and a ticket, sends a signed hello and
 * declares the age.
 */
export async function holdSession(
  { port, from }: Target,
  burstOf: (participant: Participant) => Burst,
): Promise<Foothold> {
  const participant = new Participant(port, from);
  await participant.prepare();
  await participant.open();
  return {
    get lost() {
      // A user's page gives up after a refusal, but an attacker tries again.
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

export async function holdWebSocket(
  { port, from }: Target,
  burst: Burst,
  options: { readonly headers?: readonly string[]; readonly reads?: boolean } = {},
): Promise<Foothold> {
  const { answer, cookie } = await askForTicket({ port, from, cookie: null });
  if (answer.status !== 200) throw new Error(`no session ticket: ${answer.status}`);
  const { ticket } = answer.json() as SessionTicketReply;
  const socket = await LoadSocket.open({
    port,
    from,
    path: SOCKET_PATH,
    headers: [
      `Origin: http://localhost:${port}`,
      `Cookie: ${cookie}`,
      `Sec-WebSocket-Protocol: ${SUBPROTOCOL}, ${ticket}`,
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

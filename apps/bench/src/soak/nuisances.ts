import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { SOCKET_PATH, SUBPROTOCOL } from '@farandole/protocol/http-api';
import { WebSocket } from 'ws';
import type { SoakPerson } from './soak-person.ts';

export interface Scene {
  readonly port: number;
  readonly person: SoakPerson;
  readonly over: AbortSignal;
}

type Nuisance = (scene: Scene) => Promise<void>;

const slowHeaders: Nuisance = async ({ port, person, over }) => {
  await raw(port, person.from, over, [`GET / HTTP/1.1\r\nHost: localhost:${port}\r\nX-Slow: `]);
};

const impatient: Nuisance = async ({ port, person }) => {
  const socket = connect({ port, host: '127.0.0.1', localAddress: person.from });
  socket.on('error', () => {});
  socket.once('connect', () => {
    socket.write(`GET / HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`, () => {
      socket.resetAndDestroy();
    });
  });
  await new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
  });
};

const garbage: Nuisance = async ({ port, person, over }) => {
  await raw(port, person.from, over, ['\u0016\u0003\u0001 this is no HTTP\r\n\r\n']);
};

const silent: Nuisance = async (scene) => {
  await socketOf(scene, () => {});
};

const malformed: Nuisance = async (scene) => {
  await socketOf(scene, (socket) => socket.send('{"type":"no.such-type"}'));
};

const dead: Nuisance = async (scene) => {
  await socketOf(scene, (socket) => socket.pause());
};

export const NUISANCES: readonly Nuisance[] = [
  slowHeaders,
  impatient,
  garbage,
  silent,
  malformed,
  dead,
];

async function raw(
  port: number,
  from: string,
  over: AbortSignal,
  pieces: readonly string[],
): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from });
  socket.on('error', () => {});
  socket.resume();
  for (const piece of pieces) socket.write(piece);
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
  });
  await Promise.race([closed, whenOver(over)]);
  socket.destroy();
  await closed;
}

async function socketOf(
  { port, person, over }: Scene,
  behave: (socket: WebSocket) => void,
): Promise<void> {
  const ticket = await person.fetchTicket(port);
  const socket = new WebSocket(`ws://127.0.0.1:${port}${SOCKET_PATH}`, [SUBPROTOCOL, ticket], {
    localAddress: person.from,
    perMessageDeflate: false,
    autoPong: false,
    headers: { Host: `localhost:${port}`, ...person.headers(port) },
  });
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
  });
  socket.once('open', () => behave(socket));
  await Promise.race([closed, whenOver(over)]);
  // The client terminates the socket itself, because a client that doesn't read gets no close
  // frame.
  socket.terminate();
  await closed;
}

async function whenOver(over: AbortSignal): Promise<void> {
  // Waits one day, which is longer than any soak run.
  await delay(86_400_000, undefined, { signal: over, ref: false }).catch(() => {});
}

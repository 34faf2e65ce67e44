import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '@farandole/e2e/free-port';
import { type RunningProgram, startProgram } from '@farandole/e2e/process';
import { connectFrom } from './load-socket.ts';
import { SOCKET_IO_EVENTS, type SocketIoEvents } from './socket-io-client.ts';

/** Another open server, in a folder with a `peer.json`. `apps/bench/README.md` describes both. */
export interface Peer {
  readonly folder: string;
  readonly command: readonly [string, ...string[]];
  /** Name of the environment variable with the port on which the peer must listen. */
  readonly portVariable: string;
  readonly protocol: 'socket.io' | 'bare';
  readonly events: SocketIoEvents;
  /** Whether the peer sends a line to its sender too. */
  readonly echoes: boolean;
}

export interface RunningPeer {
  readonly port: number;
  readonly program: RunningProgram;
}

const FILE = 'peer.json';
const KEYS = ['command', 'port', 'protocol', 'events', 'echoes'];
const PROTOCOLS: readonly string[] = ['socket.io', 'bare'] satisfies Peer['protocol'][];
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]{0,60}$/;
const START_MS_MAX = 30_000;
const TRIED_EVERY_MS = 50;

/** Reads the peer of FARANDOLE_PEERS. Null if the variable isn't set. */
export function peerOf(folder: string | undefined): Peer | null {
  return folder === undefined || folder === '' ? null : readPeer(folder);
}

/** @throws Error that says what is wrong with the folder */
export function readPeer(folder: string): Peer {
  const wrong = (what: string): Error =>
    new Error(`FARANDOLE_PEERS: ${join(folder, FILE)} ${what}.`);
  let text: string;
  try {
    text = readFileSync(join(folder, FILE), 'utf8');
  } catch {
    throw wrong('cannot be read');
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw wrong('is not JSON');
  }
  if (!isRecord(json)) throw wrong('is not an object');
  const { command, port = 'PORT', protocol, events = {}, echoes = true } = json;
  const unknown = Object.keys(json).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) throw wrong(`has the unknown key "${unknown}"`);
  if (!isCommand(command)) throw wrong('needs "command", a list of a program and its arguments');
  if (typeof port !== 'string' || !VARIABLE.test(port)) {
    throw wrong('needs as "port" the name of an environment variable');
  }
  if (!isProtocol(protocol)) throw wrong(`needs a "protocol": ${PROTOCOLS.join(' or ')}`);
  if (!isEvents(events)) {
    throw wrong(`takes in "events" only texts for ${Object.keys(SOCKET_IO_EVENTS).join(', ')}`);
  }
  if (typeof echoes !== 'boolean') throw wrong('needs true or false as "echoes"');
  const named = { ...SOCKET_IO_EVENTS, ...events };
  return { folder, command, portVariable: port, protocol, events: named, echoes };
}

/** Starts the peer's program on a free port, and waits until it accepts connections. */
export async function startPeer(peer: Peer): Promise<RunningPeer> {
  const port = await freePort();
  const [named, ...args] = peer.command;
  const command = named === 'node' ? process.execPath : named;
  const env = { [peer.portVariable]: String(port) };
  const program = startProgram(command, args, env, peer.folder);
  const untilMs = performance.now() + START_MS_MAX;
  while (!(await accepts(port))) {
    if (program.hasEnded() || performance.now() > untilMs) {
      const why = program.hasEnded() ? 'ended' : `did not listen on port ${port}`;
      await program.stop('SIGKILL');
      throw new Error(`FARANDOLE_PEERS: ${peer.command.join(' ')} ${why}:\n${program.output()}`);
    }
    await delay(TRIED_EVERY_MS);
  }
  return { port, program };
}

async function accepts(port: number): Promise<boolean> {
  try {
    (await connectFrom(port, '127.0.0.1')).destroy();
    return true;
  } catch {
    return false;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCommand(value: unknown): value is [string, ...string[]] {
  return Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string');
}

function isProtocol(value: unknown): value is Peer['protocol'] {
  return typeof value === 'string' && PROTOCOLS.includes(value);
}

function isEvents(value: unknown): value is Partial<SocketIoEvents> {
  return (
    isRecord(value) &&
    Object.entries(value).every(
      ([key, name]) => key in SOCKET_IO_EVENTS && typeof name === 'string' && name !== '',
    )
  );
}

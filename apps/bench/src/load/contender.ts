import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUN_COMMAND } from '@farandole/e2e/bun';
import { ROOT, startProgram } from '@farandole/e2e/process';
import { assertDefined } from '@farandole/kernel/assert';
import type { Samples } from '../result.ts';
import { LoadFleet } from './load-fleet.ts';
import type { ClientKind, ContenderName } from './load-order.ts';
import { type Peer, peerOf, startPeer } from './peer.ts';

export interface Contender {
  readonly name: ClientKind;
  readonly pid: number;
  readonly port: number;
  readonly dataDir: string;
  /** Address of the process's debugger; null if the process runs without a debugger. */
  readonly inspectorUrl: string | null;
  output(): string;
  /** Ends the program, and starts it again with the same data folder and port. */
  restart(): Promise<Contender>;
  stop(): Promise<void>;
}

const C_COMPILER = 'cc';
/** Address of the debugger, as Node and Bun print it. */
export const DEBUGGER_URL = /(ws:\/\/127\.0\.0\.1:\d+\/\S+)/;

/** The floor on Bun, where Bun is installed. */
export const BARE_BUN: readonly ContenderName[] = BUN_COMMAND === null ? [] : ['bare-bun'];

/** The peer of FARANDOLE_PEERS, with which `peers` compares too. */
export const PEER = peerOf(process.env['FARANDOLE_PEERS']);

/** This checkout's server and the floors. The floor in C needs a compiler on this machine. */
export const CONTENDERS: readonly ContenderName[] = [
  ...(['ours', 'bare-ws'] as const),
  ...BARE_BUN,
  'bare-tcp',
  ...(spawnSync(C_COMPILER, ['--version']).status === 0 ? (['bare-c'] as const) : []),
];

/**
 * Settings with which new users need no proof of work. With proofs, thousands of new users look like
 * a flood, and each gets a longer one.
 */
export const NO_PROOF = { FARANDOLE_PROOF_MS: '0' };

const PROGRAMS: Readonly<Record<ContenderName, { path: string; port: RegExp }>> = {
  ours: { path: 'apps/server/src/main.ts', port: /http:\/\/localhost:(\d+)/ },
  'bare-ws': { path: 'apps/bench/src/floor/bare-ws-relay.ts', port: /listening (\d+)/ },
  'bare-bun': { path: 'apps/bench/src/floor/bare-bun-relay.ts', port: /listening (\d+)/ },
  'bare-tcp': { path: 'apps/bench/src/floor/bare-tcp-relay.ts', port: /listening (\d+)/ },
  'bare-c': { path: 'apps/bench/src/floor/bare-c-relay.c', port: /listening (\d+)/ },
  'socket-io': { path: 'apps/bench/src/floor/socket-io-relay.ts', port: /listening (\d+)/ },
};

/**
 * This checkout's server, a floor, the server of another checkout, or this checkout's server on
 * Node beside the same server on Bun.
 */
export type ComparedName = ClientKind | 'there' | 'on-node';

/** The clients of a compared server: those of `ours` for each server of Farandole. */
export type KindOf<Name extends ComparedName> = Exclude<Name, 'there' | 'on-node'> | 'ours';

export interface Compared extends Omit<Contender, 'name'> {
  readonly name: ComparedName;
}

/** Returns the settings that choose the runtime which a benchmark's option `server` names. */
export function runtimeSettings(server: string | null): Readonly<Record<string, string>> {
  return server === 'bun' ? { FARANDOLE_RUNTIME: 'bun' } : {};
}

/**
 * Returns how many rounds of a benchmark don't count, because the runtime compiles on other threads
 * during them. Bun needs more: its compiler takes a fifth of a chat line's cost up to 20,000 lines,
 * and little after 30,000.
 */
export function warmUpRounds(server: string | null, onNode: number): number {
  return server === 'bun' ? 4 * onNode : onNode;
}

/**
 * @param server folder of another checkout, with which to compare instead of the floors; `bun` to
 * run this checkout's server on Bun, and on Node beside the floors; or null
 */
export function comparedNames<Name extends ClientKind>(
  server: string | null,
  names: readonly Name[],
): readonly (Name | 'ours' | 'there' | 'on-node')[] {
  if (server === null) return names;
  if (server !== 'bun') return ['ours', 'there'];
  return ['ours', 'on-node', ...names.filter((name) => name !== 'ours')];
}

/** Returns which clients the server needs. */
export function kindOf<Name extends ComparedName>(name: Name): KindOf<Name> {
  return (name === 'there' || name === 'on-node' ? 'ours' : name) as KindOf<Name>;
}

async function startAsContender(peer: Peer): Promise<Compared> {
  const { port, program } = await startPeer(peer);
  return {
    ...{ name: 'peer', pid: program.pid, port, dataDir: peer.folder, inspectorUrl: null },
    output: () => program.output(),
    restart: () => Promise.reject(new Error('a peer is not started again')),
    stop: () => program.stop('SIGKILL'),
  };
}

async function startCompared(
  name: ComparedName,
  server: string | null,
  settings: Readonly<Record<string, string>>,
): Promise<Compared> {
  if (name === 'peer') return await startAsContender(assertDefined(PEER, 'no FARANDOLE_PEERS'));
  const root = name === 'there' ? assertDefined(server, 'no other checkout') : ROOT;
  const chosen = name === 'ours' ? { ...settings, ...runtimeSettings(server) } : settings;
  return { ...(await startContender(kindOf(name), false, chosen, root)), name };
}

/** Starts a load generator and the servers to compare, and stops them after `run`. */
export async function withCompared(
  server: string | null,
  run: (fleet: LoadFleet, contenders: readonly Compared[]) => Promise<void>,
  names: readonly ClientKind[] = CONTENDERS,
  settings: Readonly<Record<string, string>> = {},
): Promise<void> {
  const fleet = new LoadFleet();
  const contenders: Compared[] = [];
  try {
    for (const name of comparedNames(server, names)) {
      contenders.push(await startCompared(name, server, settings));
    }
    await run(fleet, contenders);
  } finally {
    await fleet.stop();
    for (const contender of contenders) await contender.stop();
  }
}

/** Returns an empty list of samples for each. */
export function noSamples(): Record<ComparedName, number[]> {
  return {
    ...{ ours: [], 'bare-ws': [], 'bare-bun': [], 'bare-tcp': [], 'bare-c': [], 'socket-io': [] },
    ...{ peer: [], there: [], 'on-node': [] },
  };
}

/** Returns the samples of those that were measured. */
export function samplesOf(
  samples: Readonly<Record<ComparedName, readonly number[]>>,
  server: string | null,
  names: readonly ClientKind[] = CONTENDERS,
): Samples {
  return Object.fromEntries(comparedNames(server, names).map((name) => [name, samples[name]]));
}

/**
 * Starts the server to measure with the settings of `npm start`, but with short proofs of work,
 * because all clients share the CPUs of this machine. Passes no environment variable of this
 * process.
 * @param inspect whether to enable the debugger, which is needed to request a garbage collection
 * but slows the process; never measure times with it
 * @param settings environment variables of the server, such as the length of proofs; with
 * `FARANDOLE_RUNTIME=bun` the server runs on Bun
 * @param root folder of the checkout whose program is started
 */
export async function startContender(
  name: ContenderName,
  inspect = false,
  settings: Readonly<Record<string, string>> = {},
  root = ROOT,
): Promise<Contender> {
  const dataDir =
    settings['FARANDOLE_DATA_DIR'] ?? (await mkdtemp(join(tmpdir(), 'farandole-bench-')));
  const isOnBun = name === 'bare-bun' || settings['FARANDOLE_RUNTIME'] === 'bun';
  const [runtime, ...options] = isOnBun
    ? assertDefined(BUN_COMMAND ?? undefined, 'Bun is installed')
    : [process.execPath];
  const { path, port: printed } = PROGRAMS[name];
  const flags = inspect ? ['--inspect=127.0.0.1:0'] : [];
  const source = join(root, path);
  const env = {
    PORT: '0',
    // The server refuses to start if it doesn't know a setting.
    FARANDOLE_PEERS: undefined,
    FARANDOLE_DATA_DIR: dataDir,
    FARANDOLE_PROOF_MS: '1',
    ...settings,
  };
  const program = path.endsWith('.c')
    ? startProgram(compiled(source), [], env)
    : startProgram(runtime, [...options, ...flags, source], env);
  const [, port] = await program.printed(printed);
  const inspectorUrl = inspect ? ((await program.printed(DEBUGGER_URL))[1] ?? null) : null;
  return {
    name,
    pid: program.pid,
    port: Number(port),
    dataDir,
    inspectorUrl,
    output: () => program.output(),
    restart: async () => {
      await program.stop('SIGKILL');
      const same = { ...settings, PORT: port ?? '0', FARANDOLE_DATA_DIR: dataDir };
      return await startContender(name, inspect, same, root);
    },
    stop: async () => {
      await program.stop('SIGKILL');
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

let binary: string | null = null;

/** Compiles the floor in C once per run. */
function compiled(source: string): string {
  if (binary !== null) return binary;
  const folder = mkdtempSync(join(tmpdir(), 'farandole-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  binary = join(folder, 'relay');
  execFileSync(C_COMPILER, ['-O2', '-o', binary, source], { stdio: 'inherit' });
  return binary;
}

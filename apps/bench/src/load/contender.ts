import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUN_COMMAND } from '@farandole/e2e/bun';
import { ROOT, startProgram } from '@farandole/e2e/process';
import { assertDefined } from '@farandole/kernel/assert';
import type { Samples } from '../result.ts';
import { LoadFleet } from './load-fleet.ts';
import type { ContenderName } from './load-order.ts';

export interface Contender {
  readonly name: ContenderName;
  readonly pid: number;
  readonly port: number;
  readonly dataDir: string;
  /** Address of the process's debugger; null if the process runs without a debugger. */
  readonly inspectorUrl: string | null;
  output(): string;
  stop(): Promise<void>;
}

export const CONTENDERS: readonly ContenderName[] = ['ours', 'bare-ws', 'bare-tcp'];

const PROGRAMS: Readonly<Record<ContenderName, { path: string; port: RegExp }>> = {
  ours: { path: 'apps/server/src/main.ts', port: /http:\/\/localhost:(\d+)/ },
  'bare-ws': { path: 'apps/bench/src/floor/bare-ws-relay.ts', port: /listening (\d+)/ },
  'bare-tcp': { path: 'apps/bench/src/floor/bare-tcp-relay.ts', port: /listening (\d+)/ },
};

/** This checkout's server, a floor, or the server of another checkout. */
export type ComparedName = ContenderName | 'there';

export interface Compared extends Omit<Contender, 'name'> {
  readonly name: ComparedName;
}

/**
 * @param server folder of another checkout, with which to compare instead of the floors; `bun` for
 * this checkout's server on Bun; or null
 */
function comparedNames(server: string | null): readonly ComparedName[] {
  return server === null ? CONTENDERS : ['ours', 'there'];
}

export function kindOf(name: ComparedName): ContenderName {
  return name === 'there' ? 'ours' : name;
}

async function startCompared(name: ComparedName, server: string | null): Promise<Compared> {
  if (name === 'there' && server === 'bun') {
    const bun = assertDefined(BUN_COMMAND ?? undefined, 'Bun is installed');
    const settings = { FARANDOLE_RUNTIME: 'bun' };
    return { ...(await startContender('ours', false, settings, ROOT, bun)), name };
  }
  const root = name === 'there' ? assertDefined(server, 'no other checkout') : ROOT;
  return { ...(await startContender(kindOf(name), false, {}, root)), name };
}

/** Starts a load generator and the servers to compare, and stops them after `run`. */
export async function withCompared(
  server: string | null,
  run: (fleet: LoadFleet, contenders: readonly Compared[]) => Promise<void>,
): Promise<void> {
  const fleet = new LoadFleet();
  const contenders: Compared[] = [];
  try {
    for (const name of comparedNames(server)) contenders.push(await startCompared(name, server));
    await run(fleet, contenders);
  } finally {
    await fleet.stop();
    for (const contender of contenders) await contender.stop();
  }
}

/** Returns an empty list of samples for each. */
export function noSamples(): Record<ComparedName, number[]> {
  return { ours: [], 'bare-ws': [], 'bare-tcp': [], there: [] };
}

/** Returns the samples of those that were measured. */
export function samplesOf(
  samples: Readonly<Record<ComparedName, readonly number[]>>,
  server: string | null,
): Samples {
  return Object.fromEntries(comparedNames(server).map((name) => [name, samples[name]]));
}

/**
 * Starts the server to measure with the settings of `npm start`, but with short proofs of work,
 * because all clients share the CPUs of this machine. Passes no environment variable of this
 * process.
 * @param inspect whether to enable the debugger, which is needed to request a garbage collection
 * but slows the process; never measure times with it
 * @param settings environment variables of the server, such as the length of proofs
 * @param root folder of the checkout whose program is started
 * @param command program that runs it, with its options; this process's Node by default
 */
export async function startContender(
  name: ContenderName,
  inspect = false,
  settings: Readonly<Record<string, string>> = {},
  root = ROOT,
  [runtime, ...options]: readonly [string, ...string[]] = [process.execPath],
): Promise<Contender> {
  const dataDir = await mkdtemp(join(tmpdir(), 'farandole-bench-'));
  const { path, port: printed } = PROGRAMS[name];
  const flags = inspect ? ['--inspect=127.0.0.1:0'] : [];
  const program = startProgram(runtime, [...options, ...flags, join(root, path)], {
    PORT: '0',
    FARANDOLE_DATA_DIR: dataDir,
    FARANDOLE_PROOF_MS: '1',
    ...settings,
  });
  const [, port] = await program.printed(printed);
  const inspectorUrl = inspect
    ? ((await program.printed(/Debugger listening on (ws:\S+)/))[1] ?? null)
    : null;
  return {
    name,
    pid: program.pid,
    port: Number(port),
    dataDir,
    inspectorUrl,
    output: () => program.output(),
    stop: async () => {
      await program.stop('SIGKILL');
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, startProgram } from '@farandole/e2e/process';
import type { ContenderName } from './load-order.ts';

/** Something that is measured, in a process of its own. */
export interface Contender {
  readonly name: ContenderName;
  readonly pid: number;
  readonly port: number;
  readonly dataDir: string;
  /** Where its debugger listens, if it was started with one. */
  readonly inspectorUrl: string | null;
  /** Everything that it has printed so far. */
  output(): string;
  stop(): Promise<void>;
}

export const CONTENDERS: readonly ContenderName[] = ['ours', 'bare-ws', 'bare-tcp'];

/** What each runs, and what it prints once it listens. */
const PROGRAMS: Readonly<Record<ContenderName, { path: string; port: RegExp }>> = {
  ours: { path: 'apps/server/src/main.ts', port: /http:\/\/localhost:(\d+)/ },
  'bare-ws': { path: 'apps/bench/src/floor/bare-ws-relay.ts', port: /listening (\d+)/ },
  'bare-tcp': { path: 'apps/bench/src/floor/bare-tcp-relay.ts', port: /listening (\d+)/ },
};

/**
 * Starts one as it ships: ours with the settings of `npm start`, whatever the environment here
 * says, but for the port and a data folder of its own.
 *
 * @param inspect with a debugger, by which a collection of garbage can be asked for; it costs, so
 *   nothing is timed with it
 */
export async function startContender(name: ContenderName, inspect = false): Promise<Contender> {
  const dataDir = await mkdtemp(join(tmpdir(), 'farandole-bench-'));
  const { path, port: printed } = PROGRAMS[name];
  const flags = inspect ? ['--inspect=127.0.0.1:0'] : [];
  const program = startProgram(process.execPath, [...flags, join(ROOT, path)], {
    PORT: '0',
    FARANDOLE_DATA_DIR: dataDir,
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
      // Nobody is left who would be moved gently.
      await program.stop('SIGKILL');
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { ROOT, type RunningProgram, startProgram } from './process.ts';

const OUTPUT_LINES_MAX = 60;

/** A real node of Farandole in a process of its own, with a data folder of its own. */
export interface Farandole {
  /** `http://localhost:PORT`, the only origin that it serves. */
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  output(): string;
  /** Ends the process (by default as a crash does) and starts another on the same port and data. */
  restart(signal?: NodeJS.Signals): Promise<void>;
  /** Ends the process and leaves the port closed. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again after `kill`. */
  start(): Promise<void>;
  /** Ends the process and removes its data. */
  stop(): Promise<void>;
}

/** Of each node of the story that runs. */
let outputs: (() => string)[] = [];

/** From now on a story runs: what its nodes print, ended or not, can be asked; their last lines. */
export function followNodes(): () => readonly string[] {
  const followed: (() => string)[] = [];
  outputs = followed;
  return () => followed.map((output) => output().split('\n').slice(-OUTPUT_LINES_MAX).join('\n'));
}

export async function startFarandole(env: NodeJS.ProcessEnv = {}): Promise<Farandole> {
  const dataDir = await mkdtemp(join(tmpdir(), 'farandole-e2e-'));
  let program: RunningProgram;
  const port = await freePort();
  const launch = async (): Promise<void> => {
    program = startProgram(process.execPath, [join(ROOT, 'apps/server/src/main.ts')], {
      PORT: String(port),
      FARANDOLE_DATA_DIR: dataDir,
      ...env,
    });
    await program.printed(/http:\/\/localhost:/);
  };
  await launch();
  outputs.push(() => program.output());
  return {
    url: `http://localhost:${port}`,
    port,
    dataDir,
    output: () => program.output(),
    restart: async (signal = 'SIGKILL') => {
      await program.stop(signal);
      await launch();
    },
    kill: (signal = 'SIGKILL') => program.stop(signal),
    start: launch,
    stop: async () => {
      // Asked to end it would wait for whoever may come back; how that goes is a story of its own.
      await program.stop('SIGKILL');
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

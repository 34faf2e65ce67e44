import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { ROOT, type RunningProgram, startProgram } from './process.ts';

const OUTPUT_LINES_MAX = 60;

/** A real node in a separate process, with an empty data folder. */
export interface Farandole {
  /** The node's only origin, `http://localhost:PORT`. */
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  output(): string;
  /** Resolves with the first match in the output of the running process. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  /** Ends the node's process (SIGKILL by default) and starts it again on the same port and data. */
  restart(signal?: NodeJS.Signals): Promise<void>;
  kill(signal?: NodeJS.Signals): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

let outputs: (() => string)[] = [];

/**
 * Starts to collect the last log lines of all nodes that a story runs, including nodes that have
 * ended.
 */
export function followNodes(): () => readonly string[] {
  const followed: (() => string)[] = [];
  outputs = followed;
  return () => followed.map((output) => output().split('\n').slice(-OUTPUT_LINES_MAX).join('\n'));
}

/** @param main the program that runs the node, by default the server's own */
export async function startFarandole(
  env: NodeJS.ProcessEnv = {},
  main = 'apps/server/src/main.ts',
): Promise<Farandole> {
  const dataDir = await mkdtemp(join(tmpdir(), 'farandole-e2e-'));
  let program: RunningProgram;
  const port = await freePort();
  const launch = async (): Promise<void> => {
    program = startProgram(process.execPath, [join(ROOT, main)], {
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
    printed: (pattern) => program.printed(pattern),
    restart: async (signal = 'SIGKILL') => {
      await program.stop(signal);
      await launch();
    },
    kill: (signal = 'SIGKILL') => program.stop(signal),
    start: launch,
    stop: async () => {
      // The node is stopped by SIGKILL, because a graceful stop would wait for disconnected users.
      // Another story tests the graceful stop.
      await program.stop('SIGKILL');
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

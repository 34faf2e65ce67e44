import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

export interface RunningProgram {
  readonly pid: number;
  output(): string;
  hasEnded(): boolean;
  /** Resolves with the first match in the program's output. Rejects if the program ends first. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  /** Sends the signal and waits until the program ends. Does nothing if the program has ended. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

const running = new Set<ChildProcess>();
// A test run that crashes must not leave the program running.
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export function startProgram(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  folder = ROOT,
): RunningProgram {
  const child = spawn(command, args, {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let output = '';
  let ended = false;
  const watchers = new Set<() => void>();
  const notify = (): void => {
    for (const watcher of watchers) watcher();
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => {
      output += chunk;
      notify();
    });
  }
  const finish = (): void => {
    ended = true;
    running.delete(child);
    notify();
  };
  child.once('exit', finish);
  child.once('error', (error) => {
    output += `\n${command}: ${error.message}\n`;
    finish();
  });
  return {
    pid: child.pid ?? -1,
    output: () => output,
    hasEnded: () => ended,
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(output);
          if (match) {
            watchers.delete(look);
            resolve(match);
          } else if (ended) {
            watchers.delete(look);
            reject(new Error(`${command} ended without printing ${pattern}:\n${output}`));
          }
        };
        watchers.add(look);
        look();
      }),
    stop: async (signal = 'SIGTERM') => {
      if (ended) return;
      const exit = once(child, 'exit');
      child.kill(signal);
      await exit;
    },
  };
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { SERVER_COMMAND, SERVER_ENV } from './bun.ts';
import { atEnd, type Ends } from './ends.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'main.ts');

/** The program in a separate process, as an operator starts it. */
export interface MainProcess {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly printed: (pattern: RegExp) => Promise<RegExpExecArray>;
  /** Resolves to the exit code, or the name of the signal that ended the process. */
  readonly ended: Promise<number | string>;
}

/** @param within command that starts the program, with its arguments; none by default */
export function startMain(
  t: Ends,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  within: readonly string[] = [],
): MainProcess {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(?:FARANDOLE_.*|PORT|HOST|NODE_TEST_CONTEXT)$/.test(name),
    ),
  );
  const [command = '', ...rest] = [...within, ...SERVER_COMMAND, MAIN, ...args];
  const child = spawn(command, rest, {
    env: { ...inherited, ...SERVER_ENV, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  atEnd(t, () => {
    child.kill('SIGKILL');
    return exited;
  });
  let stdout = '';
  let stderr = '';
  let wake = (): void => {};
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
    wake();
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  let isOver = false;
  const ended = once(child, 'close').then(([code, signal]) => {
    isOver = true;
    wake();
    return (code ?? signal) as number | string;
  });
  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    ended,
    printed: async (pattern) => {
      for (;;) {
        const match = pattern.exec(stdout);
        if (match !== null) return match;
        if (isOver) throw new Error(`it ended without ${pattern}:\n${stdout}\n${stderr}`);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

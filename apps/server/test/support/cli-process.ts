import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { SERVER_COMMAND, SERVER_ENV } from './bun.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');

interface CliOptions {
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Shell command that runs first, as root of its own mount namespace. What it mounts is gone when
   * the process ends.
   */
  readonly before?: string;
  /** Shell command that runs last, in the same namespace. Its output follows the command's. */
  readonly after?: string;
}

export interface CliEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of the command line in a separate process, as an operator does. */
export async function runCliProcess(
  args: readonly string[],
  { env = {}, before, after = '' }: CliOptions = {},
): Promise<CliEnd> {
  const command = [...SERVER_COMMAND, MAIN, ...args];
  const [program = '', ...rest] =
    before === undefined
      ? command
      : [
          ...['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c'],
          `${before} && { "$@"; code=$?; ${after === '' ? ':' : after}; exit $code; }`,
          ...['sh', ...command],
        ];
  return await runProcess(program, rest, env);
}

export async function runProcess(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CliEnd> {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(?:FARANDOLE_.*|PORT|HOST|NODE_TEST_CONTEXT)$/.test(name),
    ),
  );
  const child = spawn(program, args, {
    env: { ...inherited, ...SERVER_ENV, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

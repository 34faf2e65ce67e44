import { BUN_COMMAND } from '@farandole/e2e/bun';

export interface RuntimeCommand {
  readonly runtime: 'node' | 'bun';
  /** The program and its options. */
  readonly command: readonly [string, ...string[]];
}

const HERE = [process.execPath] as const;

/** The runtimes that are installed here. */
export const RUNTIME_COMMANDS: readonly RuntimeCommand[] = [
  { runtime: 'node', command: HERE },
  ...(BUN_COMMAND === null ? [] : [{ runtime: 'bun', command: BUN_COMMAND } as const]),
];

const isAskedForBun = process.env.SERVER_TEST_RUNTIME === 'bun';
if (isAskedForBun && BUN_COMMAND === null) {
  throw new Error('SERVER_TEST_RUNTIME is bun, and no Bun is installed');
}

/**
 * The command of the programs that tests start. `SERVER_TEST_RUNTIME=bun` runs them on Bun, while
 * the tests themselves run on Node.
 */
export const SERVER_COMMAND = isAskedForBun && BUN_COMMAND !== null ? BUN_COMMAND : HERE;

/** Whether the programs that tests start run on Bun. */
export const IS_SERVER_ON_BUN = isAskedForBun || process.versions.bun !== undefined;

/** Settings of these programs, which name their runtime. */
export const SERVER_ENV: Readonly<Record<string, string>> = IS_SERVER_ON_BUN
  ? { FARANDOLE_RUNTIME: 'bun' }
  : {};

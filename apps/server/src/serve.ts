import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { StoreError } from '@farandole/storage/store-error';
import { CONFIG_FILE_VARIABLE } from './config/config-source.ts';
import { SETTING_NAMES, SETTINGS } from './config/settings.ts';
import { type Config, type EffectiveSetting, inWords, loadConfig } from './config.ts';
import { CloseError } from './node/close-error.ts';
import { boundHeapGrowth, settleHeap } from './node/heap-growth.ts';
import { createLog, describeError } from './observe/log.ts';
import { StartError } from './start-error.ts';
import type { RunningServer, ServerOptions } from './start-server.ts';
import { VERSION } from './version.ts';

const BUILT_PAGE = join(import.meta.dirname, '..', '..', 'web', 'dist');

const OPTIONS_USAGE = `

  --config FILE    reads settings from a JSON file; environment variables override it
  --accept-date    starts even if the date is far from the last known one
  --accept-loss    starts even if the store lost commits, and records it in the audit
  --check-config   prints the effective settings, or their errors, and exits
  --pages FOLDER   serves a page built elsewhere
  --follow-pages   reloads the page after each build
  --help           prints this and all settings
  --version        prints the version

Settings, from the environment or from the file that --config or ${CONFIG_FILE_VARIABLE} names:
`;

/** How the program was called, and whether it greets the person who called it. */
export interface ServeCall {
  readonly command: 'npm start --' | 'farandole serve';
  /**
   * Prints the addresses, and the sign-in link of the first member. Without it, the output is the
   * log alone, one JSON object per line.
   */
  readonly greets: boolean;
}

/** Runs a node until it gets a signal, or prints what the options ask for. */
export async function serve(args: readonly string[], call: ServeCall): Promise<void> {
  const usage = `Usage: ${call.command} [OPTION …]\n${OPTIONS_USAGE}`;
  const options = readArguments(args, usage);
  if (options === null) return;
  if (options.help) {
    console.log(`${usage}\n${help()}`);
    return;
  }
  if (options.version) {
    console.log(VERSION);
    return;
  }
  const loaded = loadConfig(process.env, options.config ?? null);
  if (!loaded.ok) {
    fail(inWords(loaded.problems));
    return;
  }
  if (options['check-config']) {
    console.log(table(loaded.effective));
    return;
  }
  await runNode(loaded.config, call.greets, {
    pagesDir: options.pages,
    followPages: options['follow-pages'],
    acceptsDate: options['accept-date'],
    acceptsLoss: options['accept-loss'],
  });
}

/**
 * Parses the command-line arguments. Prints the error and returns null if an argument is invalid.
 */
function readArguments(args: readonly string[], usage: string) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        config: { type: 'string' },
        'accept-date': { type: 'boolean', default: false },
        'accept-loss': { type: 'boolean', default: false },
        'check-config': { type: 'boolean', default: false },
        pages: { type: 'string', default: BUILT_PAGE },
        'follow-pages': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
        version: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    fail(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return null;
  }
}

async function runNode(
  config: Config,
  greets: boolean,
  options: Pick<ServerOptions, 'pagesDir' | 'followPages' | 'acceptsDate' | 'acceptsLoss'>,
): Promise<void> {
  boundHeapGrowth();
  const log = createLog(config.logLevel);
  const crash = (error: unknown): void => {
    const isStore = error instanceof StoreError && error.code === 'thread-ended';
    log(
      isStore
        ? { event: 'store-ended', ...describeError(error.cause) }
        : { event: 'crashed', ...describeError(error) },
    );
    // After an unexpected error the process's state is unknown, so the process exits and its
    // supervisor starts a new one.
    process.exit(1);
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
  let server: RunningServer;
  try {
    // The server is imported only here, so that printing help or settings is fast.
    const { startServer } = await import('./start-server.ts');
    await settleHeap();
    server = await startServer({ config, log, ...options });
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    fail(error.message);
    return;
  }
  let isStopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (isStopping) process.exit(1);
      isStopping = true;
      server
        .drain()
        .then(() => server.close())
        .then(
          () => process.exit(0),
          (error: unknown) => {
            if (!(error instanceof CloseError)) return crash(error);
            fail(error.message);
            process.exit();
          },
        );
    });
  }
  if (greets) greet(server, config);
}

function greet(server: RunningServer, { metricsAddress }: Pick<Config, 'metricsAddress'>): void {
  console.log(`Farandole is at ${server.url}`);
  for (const origin of server.origins) {
    if (origin !== server.url) console.log(`The page is served at ${origin}`);
  }
  if (server.ownerLink !== null) {
    console.log(`No members yet: within an hour, become the first member at ${server.ownerLink}`);
  }
  if (server.metricsPort !== null) {
    const host = metricsAddress.includes(':') ? `[${metricsAddress}]` : metricsAddress;
    console.log(`Metrics are at http://${host}:${server.metricsPort}/metrics`);
  }
}

function fail(message: string): void {
  console.error(message);
  process.exitCode = 1;
}

function help(): string {
  return SETTING_NAMES.map((name) => {
    const { purpose, right, byDefault, isSecret } = SETTINGS[name];
    const file = isSecret ? `    Or give the path of a file with it: ${name}_FILE.\n` : '';
    return `  ${name} (${byDefault})\n    ${purpose}\n    ${right}\n${file}`.replaceAll('`', '');
  }).join('\n');
}

function table(settings: readonly EffectiveSetting[]): string {
  const width = Math.max(...settings.map(({ name }) => name.length));
  return settings
    .map(({ name, text, source }) => `${name.padEnd(width)}  ${text}  (${source})`)
    .join('\n');
}

import type { Environment } from '../config/config-source.ts';
import { inWords, loadConfig, originsOf } from '../config.ts';
import { readKeys } from '../keys/keys.ts';
import { commandDate } from '../node/node-clock.ts';
import { openStore } from '../store/open-store.ts';
import { CliError, readArguments, USAGE } from './arguments.ts';
import { FOLDER_COMMANDS } from './folder-commands.ts';
import { printable } from './printable.ts';
import { problemOf } from './problem.ts';
import { STORE_COMMANDS } from './store-commands.ts';

/**
 * Runs one command of the command line.
 *
 * @param machineMs the machine's date
 * @param say prints a line
 * @param show shows how far a long command is, in place of the text before; absent if nobody looks
 * @returns the exit code
 */
export async function runCli(
  args: readonly string[],
  environment: Environment,
  machineMs: number,
  say: (text: string) => void,
  show?: (text: string) => void,
): Promise<number> {
  try {
    const { values, positionals } = readArguments(args);
    const [noun = '', verb = '', ...others] = positionals;
    const isOneWord = STORE_COMMANDS.has(noun) || FOLDER_COMMANDS.has(noun);
    const command = STORE_COMMANDS.get(isOneWord ? noun : `${noun} ${verb}`);
    const ofFolder = FOLDER_COMMANDS.get(noun);
    const words = isOneWord ? positionals.slice(1) : others;
    if (values.help || (command === undefined && ofFolder === undefined)) {
      say(USAGE);
      return values.help ? 0 : 1;
    }
    const loaded = loadConfig(environment, values.config ?? null);
    if (!loaded.ok) throw new CliError(inWords(loaded.problems));
    const { config } = loaded;
    if (command === undefined)
      return (await ofFolder?.({ config, nowMs: machineMs, words, say, show })) ?? 1;
    const ring = await readKeys(config.dataDir);
    const store = await openStore(config, config.dataDir, ring, 'here');
    try {
      const { role: roles, ...options } = values;
      const [origin = ''] = originsOf(config, config.port);
      const { dataDir } = config;
      const nowMs = await commandDate(store, dataDir, machineMs);
      const service = config.operatorName ?? 'Farandole';
      const asked = { ...options, store, ring, service, dataDir, nowMs, origin, words, roles };
      say(printable(await command(asked)));
      return 0;
    } finally {
      await store.close();
    }
  } catch (error) {
    const problem = problemOf(error);
    if (problem === null) throw error;
    say(problem);
    return 1;
  }
}

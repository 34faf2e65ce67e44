import type { Environment } from '../config/config-source.ts';
import { inWords, loadConfig, originsOf } from '../config.ts';
import { readRing } from '../keys/key-store.ts';
import { readKeys } from '../keys/keys.ts';
import { commandDate } from '../node/node-clock.ts';
import { openStore } from '../store/open-store.ts';
import { VERSION } from '../version.ts';
import { CliError, noSuchCommand, readArguments, USAGE, usageOf } from './arguments.ts';
import { FOLDER_COMMANDS } from './folder-commands.ts';
import { problemOf } from './problem.ts';
import { show as shown } from './show.ts';
import { STORE_COMMANDS } from './store-commands.ts';
import { backUpBeforeUpgrade } from './upgrade-backup.ts';

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
    if (values.version) {
      say(VERSION);
      return 0;
    }
    const asksHelp = values.help || noun === 'help';
    if (asksHelp || (command === undefined && ofFolder === undefined)) {
      const about = noun === 'help' ? positionals.slice(1) : positionals;
      const usage = usageOf(about);
      say(usage ?? (about.length === 0 ? USAGE : noSuchCommand(about)));
      return asksHelp && (usage !== null || about.length === 0) ? 0 : 1;
    }
    const loaded = loadConfig(environment, values.config ?? null);
    if (!loaded.ok) throw new CliError(inWords(loaded.problems));
    const { config } = loaded;
    if (command === undefined) {
      const { file, 'no-backup': noBackup } = values;
      const { json } = values;
      const asked = { config, nowMs: machineMs, words, file, noBackup, json, say, show };
      return (await ofFolder?.(asked)) ?? 1;
    }
    const keys = await readKeys(config.dataDir, config.keysFile);
    const saved = await backUpBeforeUpgrade(config, keys, machineMs);
    if (saved !== null && !values.json)
      say(`The store is upgraded. The backup of before is ${saved}.`);
    const store = await openStore(config, config.dataDir, keys, 'here');
    try {
      const ring = await readRing(store, keys);
      const { role: roles, ...options } = values;
      const [origin = ''] = originsOf(config, config.port);
      const { dataDir } = config;
      const nowMs = await commandDate(store, dataDir, machineMs);
      const service = config.operatorName ?? 'Farandole';
      const asked = { ...options, store, ring, service, dataDir, nowMs, origin, words, roles };
      const name = isOneWord ? noun : `${noun} ${verb}`;
      say(shown(name, await command(asked), values.json));
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

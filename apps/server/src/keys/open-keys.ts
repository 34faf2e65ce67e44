import { mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Config } from '../config.ts';
import { StartError } from '../start-error.ts';
import {
  KEYS_FILE,
  type KeysFileContent,
  keysPathOf,
  newKeys,
  readKeysFile,
  writeKeysFile,
} from './keys.ts';

type KeysConfig = Pick<Config, 'keysFile' | 'dataDir' | 'databaseUrl'>;

const WAY_BACK =
  'Restore it from a backup, or copy it from another node of the same database, and set ' +
  'FARANDOLE_KEYS_FILE to its path.';

/**
 * Reads the keys of a starting server. Creates them only for the default store in an empty data
 * folder: other keys would void every receipt, forget every block and make reports unreadable.
 *
 * @param config its `dataDir` exists and is locked
 * @throws StartError if the keys file is unreadable, readable by other users, damaged or missing
 */
export async function openKeys(config: KeysConfig): Promise<KeysFileContent> {
  const path = keysPathOf(config);
  const found = await readKeysFile(path);
  if (found !== null) return found;
  await requireDefaultStore(config, path);
  await requireNothingKept(config.dataDir);
  const keys = newKeys();
  await writeKeysFile(path, keys);
  return keys;
}

/**
 * Creates a keys file for `keys init`.
 *
 * @throws StartError if the file exists, or the data folder has data that other keys encrypted
 */
export async function createKeysFile(config: KeysConfig, path: string): Promise<void> {
  if ((await stat(path).catch(() => null)) !== null) {
    throw new StartError(`${path} exists already. Nothing was changed.`);
  }
  if (config.databaseUrl === null) await requireNothingKept(config.dataDir);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeKeysFile(path, newKeys());
}

/** @throws StartError unless the server may create its keys */
async function requireDefaultStore(config: KeysConfig, path: string): Promise<void> {
  const { databaseUrl, dataDir, keysFile } = config;
  if (databaseUrl === null && keysFile === null) return;
  const inFolder = join(dataDir, KEYS_FILE);
  if (keysFile !== null && (await stat(inFolder).catch(() => null)) !== null) {
    throw new StartError(
      `There is no ${path}, but ${inFolder} is there. Move it: mv ${inFolder} ${path}`,
    );
  }
  if (databaseUrl !== null && (await isUsed(databaseUrl))) {
    throw new StartError(
      `The database of FARANDOLE_DATABASE_URL is in use, and its keys file ${path} is missing. ${WAY_BACK} ` +
        'Other keys would not fit this database.',
    );
  }
  throw new StartError(
    `There is no ${path}. For a new installation, make it: npm run farandole -- keys init. ` +
      `Otherwise bring it back. ${WAY_BACK}`,
  );
}

async function isUsed(url: string): Promise<boolean> {
  const { versionsOf } = await import('@farandole/storage/backup/versions');
  try {
    return (await versionsOf({ kind: 'postgres', url })).done.length > 0;
  } catch (error) {
    // The error message doesn't contain the database's address, because the address contains a
    // password.
    const why = error instanceof Error ? error.message : String(error);
    throw new StartError(`The database of FARANDOLE_DATABASE_URL cannot be used: ${why}`, {
      cause: error,
    });
  }
}

/** Data files that are useless without the keys. */
const NEEDS_KEYS: readonly string[] = [
  'store.sqlite',
  'reports.jsonl',
  'reports.waiting-1.jsonl',
  'reports.waiting-2.jsonl',
  'blocks.jsonl',
];

async function requireNothingKept(dataDir: string): Promise<void> {
  for (const name of NEEDS_KEYS) {
    const size = (await stat(join(dataDir, name)).catch(() => null))?.size ?? 0;
    if (size === 0) continue;
    throw new StartError(
      `${join(dataDir, KEYS_FILE)} is missing, and ${name} can't be used without it. Restore it ` +
        'from a backup. If it is lost for good, the data is too: then move everything out ' +
        'of the folder and start again.',
    );
  }
}

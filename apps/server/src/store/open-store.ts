import { hkdfSync } from 'node:crypto';
import { join } from 'node:path';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import type { StoreLocation } from '@farandole/storage/backup/store-location';
import { SqliteStore } from '@farandole/storage/sqlite/sqlite-store';
import { StoreError } from '@farandole/storage/store-error';
import { TextEncryption } from '@farandole/storage/text-encryption';
import type { Config } from '../config.ts';
import type { KeyRing } from '../keys/keys.ts';
import { StartError } from '../start-error.ts';

/** The default database, in the data folder. */
export const STORE_FILE = 'store.sqlite';

export function placeOf({
  databaseUrl,
  dataDir,
}: Pick<Config, 'databaseUrl' | 'dataDir'>): StoreLocation {
  return databaseUrl === null
    ? { kind: 'sqlite', path: join(dataDir, STORE_FILE) }
    : { kind: 'postgres', url: databaseUrl };
}

export type StoreKeys = Pick<KeyRing, 'subject' | 'words'>;

/** Where SQLite waits for the disk. Two stores of one file need two threads, or they deadlock. */
export type StoreThread = 'its own thread' | 'here';

const FIRST_KEY_BYTES = 32;

/**
 * Opens the configured store: PostgreSQL, or a SQLite file in the data folder.
 *
 * @param where SQLite runs: a server needs a thread of its own; no effect on PostgreSQL
 * @throws StartError if it can't be used
 */
export async function openStore(
  { databaseUrl }: Pick<Config, 'databaseUrl'>,
  dataDir: string,
  keys: StoreKeys,
  where: StoreThread = 'its own thread',
): Promise<ModerationStore> {
  const path = join(dataDir, STORE_FILE);
  const first = firstTextKeyOf(keys);
  try {
    if (databaseUrl !== null) return await openPostgres(databaseUrl, first, keys.words);
    return where === 'here'
      ? await openSqliteHere(path, first, keys.words)
      : await SqliteStore.open(path, first, keys.words);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    // The address of a database contains a password.
    const what = databaseUrl === null ? path : 'The database of FARANDOLE_DATABASE_URL';
    throw new StartError(`${what} cannot be used: ${error.message}`, { cause: error });
  }
}

/** Loaded on demand: a server loads it in the store's thread. */
async function openSqliteHere(
  path: string,
  first: Uint8Array,
  wordsKeys: KeyRing['words'],
): Promise<ModerationStore> {
  const { SqliteHere } = await import('@farandole/storage/sqlite/sqlite-here');
  return await SqliteHere.open(path, first, wordsKeys);
}

/** Loads the driver on demand. */
async function openPostgres(
  url: string,
  first: Uint8Array,
  wordsKeys: KeyRing['words'],
): Promise<ModerationStore> {
  const { PostgresStore } = await import('@farandole/storage/postgres/postgres-store');
  return await PostgresStore.open(url, first, wordsKeys);
}

/** Whether the database address leads over a network without TLS. */
export async function isInClear({ databaseUrl }: Pick<Config, 'databaseUrl'>): Promise<boolean> {
  if (databaseUrl === null) return false;
  const { wayTo } = await import('@farandole/storage/postgres/postgres-database');
  return wayTo(databaseUrl) === 'in clear';
}

/** Encrypts user text, in the store and on its way there. */
export function textEncryptionOf(keys: StoreKeys): TextEncryption {
  return new TextEncryption(firstTextKeyOf(keys), keys.words);
}

/**
 * The first key of user text, from before these keys had names. Derived from the permanent key (RFC
 * 5869), which is never in the database. Still seals the audit.
 */
export function firstTextKeyOf({ subject }: StoreKeys): Uint8Array {
  const salt = new Uint8Array(0);
  return new Uint8Array(hkdfSync('sha256', subject, salt, 'farandole words 1', FIRST_KEY_BYTES));
}

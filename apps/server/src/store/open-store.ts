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

/** Name of the SQLite file in the data folder, which is the default database. */
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

/**
 * The thread in which SQLite waits for the disk. Two stores that open one file in the same thread
 * would deadlock.
 */
export type StoreThread = 'its own thread' | 'here';

const FIRST_KEY_BYTES = 32;

/**
 * Opens the configured store, which is PostgreSQL or a SQLite file in the data folder.
 *
 * @param where thread in which SQLite runs; a server needs a separate thread; has no effect on
 * PostgreSQL
 * @throws StartError if the store can't be used
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
    throw unusableStore({ databaseUrl, dataDir }, error);
  }
}

/** Creates the error of a store that can't be used. The message names the store and the cause. */
export function unusableStore(
  { databaseUrl, dataDir }: Pick<Config, 'databaseUrl' | 'dataDir'>,
  cause: StoreError,
): StartError {
  // The message doesn't contain the database's address, because the address contains a password.
  const what =
    databaseUrl === null ? join(dataDir, STORE_FILE) : 'The database of FARANDOLE_DATABASE_URL';
  return new StartError(`${what} cannot be used: ${cause.message}`, { cause });
}

/** SQLite is imported only here, because a server loads SQLite in the store's thread instead. */
async function openSqliteHere(
  path: string,
  first: Uint8Array,
  textKeys: KeyRing['words'],
): Promise<ModerationStore> {
  const { SqliteHere } = await import('@farandole/storage/sqlite/sqlite-here');
  return await SqliteHere.open(path, first, textKeys);
}

/** The PostgreSQL driver is imported only if PostgreSQL is configured. */
async function openPostgres(
  url: string,
  first: Uint8Array,
  textKeys: KeyRing['words'],
): Promise<ModerationStore> {
  const { PostgresStore } = await import('@farandole/storage/postgres/postgres-store');
  return await PostgresStore.open(url, first, textKeys);
}

/** Returns whether the connection to the database crosses a network without TLS. */
export async function isInClear({ databaseUrl }: Pick<Config, 'databaseUrl'>): Promise<boolean> {
  if (databaseUrl === null) return false;
  const { wayTo } = await import('@farandole/storage/postgres/postgres-database');
  return wayTo(databaseUrl) === 'in clear';
}

/** Returns the encryption of user text, for text in the store and on its way to the store. */
export function textEncryptionOf(keys: StoreKeys): TextEncryption {
  return new TextEncryption(firstTextKeyOf(keys), keys.words);
}

/**
 * Returns the first key of user text, which dates from a time when these keys had no names. It is
 * derived from the permanent key (RFC 5869), which is never in the database. The first key also
 * seals the audit.
 */
export function firstTextKeyOf({ subject }: StoreKeys): Uint8Array {
  const salt = new Uint8Array(0);
  return new Uint8Array(hkdfSync('sha256', subject, salt, 'farandole words 1', FIRST_KEY_BYTES));
}

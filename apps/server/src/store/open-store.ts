import { hkdfSync } from 'node:crypto';
import { join } from 'node:path';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import type { Place } from '@farandole/storage/backup/place';
import { SqliteStore } from '@farandole/storage/sqlite/sqlite-store';
import { StoreError } from '@farandole/storage/store-error';
import { WordsSeal } from '@farandole/storage/words-seal';
import type { Config } from '../config.ts';
import type { KeyRing } from '../keys/keys.ts';
import { StartError } from '../start-error.ts';

/** The database of a node that was given no other, in the data folder. */
export const STORE_FILE = 'store.sqlite';

/** Where the settings say that the store is. */
export function placeOf({ databaseUrl, dataDir }: Pick<Config, 'databaseUrl' | 'dataDir'>): Place {
  return databaseUrl === null
    ? { kind: 'sqlite', path: join(dataDir, STORE_FILE) }
    : { kind: 'postgres', url: databaseUrl };
}

/** The keys of a server that its store takes. */
export type StoreKeys = Pick<KeyRing, 'subject' | 'words'>;

/** Where SQLite works, and waits for the disk. Two stores of one file have to be in two threads, or one waits for the other in vain. */
export type StorePlace = 'its own thread' | 'here';

const FIRST_KEY_BYTES = 32;

/**
 * Opens the store that the settings name: PostgreSQL, or a file of SQLite in the data folder.
 *
 * @param where SQLite works, and waits for the disk: a server has to go on meanwhile; PostgreSQL is elsewhere anyway
 * @throws StartError when it cannot be used; it says why
 */
export async function openStore(
  { databaseUrl }: Pick<Config, 'databaseUrl'>,
  dataDir: string,
  keys: StoreKeys,
  where: StorePlace = 'its own thread',
): Promise<ModerationStore> {
  const path = join(dataDir, STORE_FILE);
  const first = firstWordsKeyOf(keys);
  try {
    if (databaseUrl !== null) return await openPostgres(databaseUrl, first, keys.words);
    return where === 'here'
      ? await openSqliteHere(path, first, keys.words)
      : await SqliteStore.open(path, first, keys.words);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    // The address of a database holds a password.
    const what = databaseUrl === null ? path : 'The database of FARANDOLE_DATABASE_URL';
    throw new StartError(`${what} cannot be used: ${error.message}`, { cause: error });
  }
}

/** What it needs is loaded where it is used: a server has it in the store's own thread. */
async function openSqliteHere(
  path: string,
  first: Uint8Array,
  wordsKeys: KeyRing['words'],
): Promise<ModerationStore> {
  const { SqliteHere } = await import('@farandole/storage/sqlite/sqlite-here');
  return await SqliteHere.open(path, first, wordsKeys);
}

/** Its driver is loaded where it is used. */
async function openPostgres(
  url: string,
  first: Uint8Array,
  wordsKeys: KeyRing['words'],
): Promise<ModerationStore> {
  const { PostgresStore } = await import('@farandole/storage/postgres/postgres-store');
  return await PostgresStore.open(url, first, wordsKeys);
}

/** Whether what is said to the store crosses a network in clear, as its address has it. */
export async function isInClear({ databaseUrl }: Pick<Config, 'databaseUrl'>): Promise<boolean> {
  if (databaseUrl === null) return false;
  const { wayTo } = await import('@farandole/storage/postgres/postgres-database');
  return wayTo(databaseUrl) === 'in clear';
}

/** Seals and opens what people write, in the store and on its way there. */
export function wordsSealOf(keys: StoreKeys): WordsSeal {
  return new WordsSeal(firstWordsKeyOf(keys), keys.words);
}

/**
 * What words were sealed by before their keys had names, made of a key that is kept beside the database and never
 * in it (RFC 5869). It is made of the one that is never replaced; what it seals still is the audit.
 */
export function firstWordsKeyOf({ subject }: StoreKeys): Uint8Array {
  const salt = new Uint8Array(0);
  return new Uint8Array(hkdfSync('sha256', subject, salt, 'farandole words 1', FIRST_KEY_BYTES));
}

import { hkdfSync } from 'node:crypto';
import { join } from 'node:path';
import type { ModerationStore } from '@farandole/moderation/ports';
import type { Place } from '@farandole/storage/backup/place';
import { SqliteStore } from '@farandole/storage/sqlite/sqlite-store';
import { StoreError } from '@farandole/storage/store-error';
import type { Config } from '../config.ts';
import { StartError } from '../start-error.ts';

/** The database of a node that was given no other, in the data folder. */
export const STORE_FILE = 'store.sqlite';

/** Where the settings say that the store is. */
export function placeOf({ databaseUrl, dataDir }: Pick<Config, 'databaseUrl' | 'dataDir'>): Place {
  return databaseUrl === null
    ? { kind: 'sqlite', path: join(dataDir, STORE_FILE) }
    : { kind: 'postgres', url: databaseUrl };
}

const WORDS_KEY_BYTES = 32;

/**
 * Opens the store that the settings name: PostgreSQL, or a file of SQLite in the data folder.
 *
 * @param subjectKey the one key of this server that is never replaced
 * @throws StartError when it cannot be used; it says why
 */
export async function openStore(
  { databaseUrl }: Pick<Config, 'databaseUrl'>,
  dataDir: string,
  subjectKey: Uint8Array,
): Promise<ModerationStore> {
  const path = join(dataDir, STORE_FILE);
  const wordsKey = wordsKeyOf(subjectKey);
  try {
    return databaseUrl === null
      ? await SqliteStore.open(path, wordsKey)
      : await openPostgres(databaseUrl, wordsKey);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    // The address of a database holds a password.
    const what = databaseUrl === null ? path : 'The database of FARANDOLE_DATABASE_URL';
    throw new StartError(`${what} cannot be used: ${error.message}`, { cause: error });
  }
}

/** Its driver is loaded where it is used; SQLite's is loaded in its own thread. */
async function openPostgres(url: string, wordsKey: Uint8Array): Promise<ModerationStore> {
  const { PostgresStore } = await import('@farandole/storage/postgres/postgres-store');
  return await PostgresStore.open(url, wordsKey);
}

/** The key of words is made of a key that is kept beside the database, never in it (RFC 5869). */
export function wordsKeyOf(subjectKey: Uint8Array): Uint8Array {
  const salt = new Uint8Array(0);
  return new Uint8Array(hkdfSync('sha256', subjectKey, salt, 'farandole words 1', WORDS_KEY_BYTES));
}

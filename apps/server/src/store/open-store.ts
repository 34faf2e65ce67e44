import { hkdfSync } from 'node:crypto';
import { join } from 'node:path';
import { AssertionError } from '@farandole/kernel/assert';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import type { StoreLocation } from '@farandole/storage/backup/store-location';
import { SqliteStore } from '@farandole/storage/sqlite/sqlite-store';
import { StoreError } from '@farandole/storage/store-error';
import { TextEncryption } from '@farandole/storage/text-encryption';
import type { Config } from '../config.ts';
import { fingerprintOf, type ServerKeys } from '../keys/keys.ts';
import { codeOf, StartError } from '../start-error.ts';

/** Name of the SQLite file in the data folder, which is the default database. */
export const STORE_FILE = 'store.sqlite';

export function placeOf({ databaseUrl, dataDir }: StoreConfig): StoreLocation {
  return databaseUrl === null
    ? { kind: 'sqlite', path: join(dataDir, STORE_FILE) }
    : { kind: 'postgres', url: databaseUrl };
}

export type StoreKeys = ServerKeys;

/**
 * The thread in which SQLite waits for the disk. Two stores that open one file in the same thread
 * would deadlock.
 */
export type StoreThread = 'its own thread' | 'here';

const FIRST_KEY_BYTES = 32;

const BUGS = [AssertionError, TypeError, RangeError, ReferenceError];

/** Codes of the system for a server to which no connection can be made. */
const UNREACHABLE: ReadonlySet<string> = new Set(
  'ECONNREFUSED ENOTFOUND EAI_AGAIN ETIMEDOUT EHOSTUNREACH ENETUNREACH'.split(' '),
);

/**
 * Opens the configured store, which is PostgreSQL or a SQLite file in the data folder.
 *
 * @param where thread in which SQLite runs; a server needs a separate thread; has no effect on
 * PostgreSQL
 * @throws StartError if the store can't be used, or belongs to other keys
 */
export async function openStore(
  { databaseUrl }: Pick<Config, 'databaseUrl'>,
  dataDir: string,
  keys: StoreKeys,
  where: StoreThread = 'its own thread',
): Promise<ModerationStore> {
  const place = { databaseUrl, dataDir };
  const store = await openUnchecked(place, keys, where);
  try {
    await requireOwnKeys(store, keys, place);
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

type StoreConfig = Pick<Config, 'databaseUrl' | 'dataDir'>;

async function openUnchecked(
  { databaseUrl, dataDir }: StoreConfig,
  keys: StoreKeys,
  where: StoreThread,
): Promise<ModerationStore> {
  const path = join(dataDir, STORE_FILE);
  const first = firstTextKeyOf(keys);
  try {
    if (databaseUrl !== null) return await openPostgres(databaseUrl, keys);
    return where === 'here'
      ? await openSqliteHere(path, first, keys.words)
      : await SqliteStore.open(path, first, keys.words);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    throw unusableStore({ databaseUrl, dataDir }, error);
  }
}

/** Creates the error of a store that can't be used. The message names the store and the cause. */
export function unusableStore(config: StoreConfig, cause: StoreError): StartError {
  const remedy = isUnreachable(cause) ? '. Start it, or correct its address.' : '';
  return new StartError(`${nameOf(config)} cannot be used: ${cause.message}${remedy}`, { cause });
}

/**
 * Returns a StartError if the store failed while a node started. Returns any other error unchanged,
 * also a bug in a command, so that it is logged with its stack.
 */
export function storeStartError(config: StoreConfig, error: unknown): unknown {
  if (!(error instanceof StoreError) || error.code === 'thread-ended') return error;
  return BUGS.some((bug) => error.cause instanceof bug) ? error : unusableStore(config, error);
}

/** Returns whether PostgreSQL couldn't be connected to. The driver has no code for a timeout. */
function isUnreachable({ cause, message }: StoreError): boolean {
  return UNREACHABLE.has(codeOf(cause) ?? '') || message.endsWith('connection timeout');
}

/** Refuses other keys before they write anything: the audit would no longer verify. */
async function requireOwnKeys(
  store: ModerationStore,
  keys: StoreKeys,
  { databaseUrl, dataDir }: StoreConfig,
): Promise<void> {
  const textKeys = keys.words.map(({ id }) => id);
  const fit = await store.run('keys.fit', { fingerprint: fingerprintOf(keys), textKeys });
  if (fit.ok) return;
  if (fit.reason === 'other-keys') throw otherKeys({ databaseUrl, dataDir });
  throw new StartError(
    `${nameOf({ databaseUrl, dataDir })} is encrypted with a key that isn't in ${THE_FILE}: one of the ` +
      'two is a copy from before the last keys rotate. Use the newest copy of both, or both from ' +
      'one backup.',
  );
}

const THE_FILE = 'the keys file (FARANDOLE_KEYS_FILE, by default keys.json in the data folder)';

/** The reason and the way back if a store belongs to other keys. */
export function otherKeys(config: StoreConfig): StartError {
  return new StartError(
    `${nameOf(config)} belongs to other keys than those of ${THE_FILE}. Use the keys file with which it ` +
      'was first opened: copy it from the other node, or restore it from a backup. For a new ' +
      'installation, use a new database.',
  );
}

/** The name has no database address, because the address contains a password. */
function nameOf({ databaseUrl, dataDir }: StoreConfig): string {
  return databaseUrl === null
    ? join(dataDir, STORE_FILE)
    : 'The database of FARANDOLE_DATABASE_URL';
}

/** SQLite is imported only here, because a server loads SQLite in the store's thread instead. */
async function openSqliteHere(
  path: string,
  first: Uint8Array,
  textKeys: StoreKeys['words'],
): Promise<ModerationStore> {
  const { SqliteHere } = await import('@farandole/storage/sqlite/sqlite-here');
  return await SqliteHere.open(path, first, textKeys);
}

/**
 * The PostgreSQL driver is imported only if PostgreSQL is configured. Compares the keys before it
 * migrates a database that other nodes may be using.
 */
async function openPostgres(url: string, keys: StoreKeys): Promise<ModerationStore> {
  const { belongsTo } = await import('@farandole/storage/backup/owner');
  const { PostgresStore } = await import('@farandole/storage/postgres/postgres-store');
  const key = firstTextKeyOf(keys);
  const own = { key, fingerprint: fingerprintOf(keys) };
  if (!(await belongsTo({ kind: 'postgres', url }, own))) {
    throw otherKeys({ databaseUrl: url, dataDir: '' });
  }
  return await PostgresStore.open(url, key, keys.words);
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

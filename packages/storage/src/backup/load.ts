import type { Kysely } from 'kysely';
import { migrate } from '../migrate.ts';
import { MIGRATIONS } from '../migrations/migrations.ts';
import type { Database } from '../schema.ts';
import { asStoreError, StoreError } from '../store-error.ts';
import { DUMP_FORMAT, type DumpHeader, type DumpRow } from './dump.ts';
import { openAsIs, type StoreLocation } from './store-location.ts';

const BATCH = 200;

/**
 * Loads a dump into an empty database of the dump's version, then migrates the database.
 * @throws StoreError when the database is not empty, or when the dump is invalid or of a later
 * version; the database then stays empty
 */
export async function loadStore(place: StoreLocation, lines: AsyncIterable<string>): Promise<void> {
  const database = await openAsIs(place);
  try {
    // Creates tables and rows in one transaction, so that the database stays empty on failure.
    await database.transaction().execute((transaction) => load(transaction, lines));
  } catch (error) {
    throw asStoreError(error);
  } finally {
    await database.destroy();
  }
}

async function load(database: Database, lines: AsyncIterable<string>): Promise<void> {
  await requireNew(database);
  const all = lines[Symbol.asyncIterator]();
  const first = await all.next();
  const { migrations } = headerOf(first.done === true ? '' : first.value);
  const later = migrations.filter((name) => !Object.hasOwn(MIGRATIONS, name));
  if (later.length > 0) {
    throw new StoreError(
      'schema-newer',
      `The backup was made by a later version (${later.join(', ')}). Run that version.`,
    );
  }
  const known = Object.entries(MIGRATIONS).filter(([name]) => migrations.includes(name));
  await migrate(database, Object.fromEntries(known));
  const db = database.withoutPlugins() as Kysely<unknown> as Kysely<Tables>;
  let batch: DumpRow[] = [];
  const flush = async (): Promise<void> => {
    const [head] = batch;
    if (head === undefined) return;
    const rows = batch.map(([, row]) => row);
    await db.insertInto(head[0]).values(rows).execute();
    batch = [];
  };
  for (let next = await all.next(); next.done !== true; next = await all.next()) {
    const row = rowOf(next.value);
    if (batch.length >= BATCH || (batch[0]?.[0] ?? row[0]) !== row[0]) await flush();
    batch.push(row);
  }
  await flush();
  await migrate(database);
}

type Tables = Readonly<Record<string, DumpRow[1]>>;

async function requireNew(database: Database): Promise<void> {
  const tables = await database.introspection.getTables({ withInternalKyselyTables: true });
  if (tables.length === 0) return;
  throw new StoreError(
    'not-empty',
    'The database isn’t empty. Restore a backup into a new one, so that nothing is overwritten.',
  );
}

function headerOf(line: string): DumpHeader {
  const value = parse(line) as Partial<DumpHeader> | null;
  const isOurs =
    value?.format === DUMP_FORMAT &&
    Array.isArray(value.migrations) &&
    value.migrations.every((name) => typeof name === 'string');
  if (!isOurs) throw new StoreError('failed', 'This is not a dump of a store.');
  return value as DumpHeader;
}

function rowOf(line: string): DumpRow {
  const value = parse(line);
  const [table, row] = Array.isArray(value) ? (value as readonly unknown[]) : [];
  if (typeof table !== 'string' || typeof row !== 'object' || row === null) {
    throw new StoreError('failed', 'The dump is damaged: one line is not a row.');
  }
  return [table, row as DumpRow[1]];
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

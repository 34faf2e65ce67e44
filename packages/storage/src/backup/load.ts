import type { Kysely } from 'kysely';
import { migrate } from '../migrate.ts';
import { MIGRATIONS } from '../migrations/migrations.ts';
import type { Database } from '../schema.ts';
import { asStoreError, StoreError } from '../store-error.ts';
import { DUMP_FORMAT, type DumpHeader } from './dump.ts';
import { liftTimeLimits, openAsIs, type StoreLocation } from './store-location.ts';

/** Maximum number of rows, and of characters of their lines, in one statement. */
const BATCH_ROWS = 200;
const BATCH_CHARS = 4 * 1024 * 1024;

/**
 * Loads a dump into an empty database of the dump's version, then migrates the database.
 * @throws StoreError when the database is not empty, or when the dump is invalid or of a later
 * version; the database then stays empty
 */
export async function loadStore(place: StoreLocation, lines: AsyncIterable<string>): Promise<void> {
  const database = await openAsIs(place);
  try {
    // Creates tables and rows in one transaction, so that the database stays empty on failure.
    await database.transaction().execute(async (transaction) => {
      await liftTimeLimits(transaction, place);
      await load(transaction, lines);
    });
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
  let table = '';
  let rows: Row[] = [];
  let chars = 0;
  const flush = async (): Promise<void> => {
    if (rows.length > 0) await db.insertInto(table).values(rows).execute();
    rows = [];
    chars = 0;
  };
  for (let next = await all.next(); next.done !== true; next = await all.next()) {
    const [of, row] = rowOf(next.value);
    if (of !== table || rows.length >= BATCH_ROWS || chars >= BATCH_CHARS) await flush();
    table = of;
    rows.push(row);
    chars += next.value.length;
  }
  await flush();
  await migrate(database);
}

type Row = Readonly<Record<string, string | number | null | Uint8Array>>;
type Tables = Readonly<Record<string, Row>>;

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

function rowOf(line: string): readonly [table: string, row: Row] {
  const value = parse(line);
  const [table, row] = Array.isArray(value) ? (value as readonly unknown[]) : [];
  if (typeof table !== 'string' || typeof row !== 'object' || row === null) throw damaged();
  const columns = Object.entries(row).map(([name, of]) => [name, valueOf(of)] as const);
  return [table, Object.fromEntries(columns)];
}

function valueOf(value: unknown): Row[string] {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  const { base64 } = value as { readonly base64?: unknown };
  if (typeof base64 !== 'string') throw damaged();
  return Buffer.from(base64, 'base64');
}

function damaged(): StoreError {
  return new StoreError('failed', 'The dump is damaged: one line is not a row.');
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

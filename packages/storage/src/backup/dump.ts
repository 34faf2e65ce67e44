import { CompiledQuery, type Kysely, type QueryResult, type RawBuilder, sql } from 'kysely';
import { migrationsOf } from '../migrate.ts';
import { asStoreError, StoreError } from '../store-error.ts';
import { liftTimeLimits, openAsIs, type StoreLocation } from './store-location.ts';

export interface DumpHeader {
  readonly format: typeof DUMP_FORMAT;
  readonly migrations: readonly string[];
}

/** A column's value. Bytes are encoded in base64. */
export type DumpValue = string | number | null | { readonly base64: string };

/** One line of a dump: a table's name, and one row's columns. */
export type DumpRow = readonly [table: string, row: Readonly<Record<string, DumpValue>>];

export const DUMP_FORMAT = 'farandole-store-1';

/** Number of rows read at once. It bounds the memory of a dump, because rows may have bytes. */
const PAGE = 200;

/** Unique columns by which the dump sorts the rows of a table. Each table has one of them. */
const KEYS = ['id', 'seq'] as const;

/** Conditions of the rows that a dump contains, for tables that it contains only in part. */
const DUMPED: ReadonlyMap<string, RawBuilder<unknown>> = new Map([
  ['picture_bytes', sql`in_backups = 1`],
]);

/**
 * Dumps a consistent snapshot as JSON lines, identical for SQLite and PostgreSQL. Encrypted data
 * stays encrypted. Other processes may write during the dump.
 * @throws StoreError
 */
export async function* dumpStore(place: StoreLocation): AsyncGenerator<string, void, undefined> {
  const database = await openAsIs(place);
  try {
    // The pool has a single connection, so all reads after `begin` see one snapshot.
    const db = database.withoutPlugins() as Kysely<unknown> as Kysely<Rows>;
    await db.executeQuery(
      place.kind === 'sqlite'
        ? CompiledQuery.raw('begin')
        : CompiledQuery.raw('begin isolation level repeatable read read only'),
    );
    await liftTimeLimits(database, place);
    const header: DumpHeader = { format: DUMP_FORMAT, migrations: await migrationsOf(database) };
    yield JSON.stringify(header);
    const tables = await db.introspection.getTables();
    for (const { name, columns } of tables.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      yield* linesOf(db, place, name, columns.map((column) => column.name).toSorted());
    }
    await db.executeQuery(CompiledQuery.raw('commit'));
  } catch (error) {
    throw asStoreError(error);
  } finally {
    await database.destroy();
  }
}

type Row = Readonly<Record<string, string | number | null | Uint8Array>>;
type Rows = Readonly<Record<string, Row>>;

async function* linesOf(
  db: Kysely<Rows>,
  { kind }: StoreLocation,
  table: string,
  columns: readonly string[],
): AsyncGenerator<string, void, undefined> {
  const key = KEYS.find((one) => columns.includes(one));
  if (key === undefined) throw new StoreError('failed', `${table} has no column to read it by.`);
  const from = sql`select * from ${sql.table(table)} where ${DUMPED.get(table) ?? sql`1 = 1`}`;
  const pages = kind === 'sqlite' ? sqlitePages(db, from, key) : postgresPages(db, from, key);
  for await (const rows of pages) {
    for (const row of rows) {
      const line: DumpRow = [table, inOrder(row, columns)];
      yield JSON.stringify(line);
    }
  }
}

async function* sqlitePages(
  db: Kysely<Rows>,
  from: RawBuilder<unknown>,
  key: string,
): AsyncGenerator<readonly Row[], void, undefined> {
  let last: Row[string] = null;
  for (;;) {
    const after: RawBuilder<unknown> = last === null ? sql`` : sql`and ${sql.ref(key)} > ${last}`;
    const { rows }: QueryResult<Row> = await sql<Row>`
      ${from} ${after} order by ${sql.ref(key)} limit ${sql.lit(PAGE)}
    `.execute(db);
    yield rows;
    last = rows.at(-1)?.[key] ?? null;
    if (rows.length < PAGE) return;
  }
}

/**
 * Reads with a cursor, which sorts a table once. The order is by bytes, as in SQLite, so that no
 * index of the database's own locale can give it.
 */
async function* postgresPages(
  db: Kysely<Rows>,
  from: RawBuilder<unknown>,
  key: string,
): AsyncGenerator<readonly Row[], void, undefined> {
  const order = key === 'id' ? sql`${sql.ref(key)} collate "C"` : sql.ref(key);
  await sql`declare dumped no scroll cursor for ${from} order by ${order}`.execute(db);
  for (;;) {
    const { rows } = await sql<Row>`fetch ${sql.lit(PAGE)} from dumped`.execute(db);
    yield rows;
    if (rows.length < PAGE) break;
  }
  await sql`close dumped`.execute(db);
}

function inOrder(row: Row, columns: readonly string[]): DumpRow[1] {
  return Object.fromEntries(columns.map((column) => [column, dumpedAs(row[column] ?? null)]));
}

function dumpedAs(value: Row[string]): DumpValue {
  return value instanceof Uint8Array ? { base64: Buffer.from(value).toString('base64') } : value;
}

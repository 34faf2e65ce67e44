import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { type ColumnSpec, type ColumnType, createIndexes, createTable } from './create-table.ts';
import { rewriteBodies } from './rewrite-bodies.ts';
import { COLLECTIONS } from './typed-columns.ts';

/**
 * Stores each field of a record in a column of its own instead of a JSON body. From 0.2.0 on, a
 * migration only adds to the schema within a release, because nodes of two versions then share a
 * database. This one rewrites all rows, because only 0.1.0 comes before it, whose nodes never run
 * beside those of another version. It also adds tables for blocks, declarations of minors, the server's
 * keys, date and hours, and the encrypted bytes of pictures, which earlier versions stored in files.
 */
export const typedColumns: Migration = { up };

const ROWS_AT_ONCE = 200;

/** Texts of this schema version that are stored as their index. */
const CODES: Readonly<Record<string, readonly string[]>> = {
  tier: ['new', 'normal', 'good', 'restricted'],
  segment: ['restricted', 'normal', 'good'],
};

const TYPES: Readonly<Record<string, ColumnType>> = {
  text: 'text',
  json: 'text',
  count: 'bigint',
  int4: 'integer',
  flag: 'smallint',
  real: 'double precision',
  tier: 'smallint',
  segment: 'smallint',
};

type Value = string | number | null;
type Row = Readonly<Record<string, Value>>;
type Tables = Readonly<Record<string, Row>>;

interface Source {
  readonly kind: string;
  readonly isNullable: boolean;
  readonly read: (body: unknown, row: Row) => Value;
}

async function up(database: Kysely<unknown>): Promise<void> {
  const db = database as Kysely<Tables>;
  // The first versions didn't store the reporter's seat. Two people who reported each other get
  // different seats.
  await rewriteBodies(database, 'reports', (body) => ({
    side: String(body['by']) < String(body['of']) ? 'a' : 'b',
    ...body,
  }));
  for (const [table, { columns, indexes }] of Object.entries(COLLECTIONS)) {
    const sources = Object.entries(columns).map(
      ([column, text]) => [column, sourceOf(column, text)] as const,
    );
    const specs = sources.map(([column, { kind, isNullable }]): [string, ColumnSpec] => {
      const type = TYPES[kind] ?? 'text';
      return [column, isNullable ? `${type}?` : type];
    });
    const types = Object.fromEntries(specs);
    if ((await db.selectFrom(table).select('id').limit(1).execute()).length === 0) {
      // Renaming a table makes SQLite parse the whole schema again, which a new database needn't.
      await db.schema.dropTable(table).execute();
      await createTable(database, table, types);
    } else {
      const earlier = `earlier_${table}`;
      await db.schema.alterTable(table).renameTo(earlier).execute();
      await createTable(database, table, types);
      await copy(db, earlier, table, sources);
      await db.schema.dropTable(earlier).execute();
    }
    await createIndexes(database, table, indexes);
  }
  await createTable(database, 'server_state', { id: 'text', value: 'text', at_ms: 'bigint' });
  await createTable(database, 'picture_bytes', {
    id: 'text',
    in_backups: 'integer',
    sealed: 'bytea',
  });
  await createTable(database, 'server_keys', {
    id: 'text',
    kind: 'text',
    seq: 'bigint',
    from_ms: 'bigint',
    value: 'text',
  });
  await createTable(database, 'blocks', {
    ...{ id: 'text', kind: 'text', by: 'text', by_device: 'text?', of: 'text', of_device: 'text?' },
    ...{ of_network: 'text?', match: 'text?', side: 'text?', mark: 'text?', asked: 'text?' },
    ...{ code: 'text?', at_ms: 'bigint', names_network: 'smallint' },
  });
  await createIndexes(database, 'blocks', [
    ...['at_ms', 'by', 'of', 'by_device', 'of_device'].map((column) => ({ on: [column] })),
    { on: ['kind', 'at_ms'] },
    { on: ['names_network', 'at_ms'] },
  ]);
  await createTable(database, 'age_refusals', {
    ...{ id: 'text', subject: 'text', device: 'text?', at_ms: 'bigint' },
  });
  const byColumn = ['at_ms', 'subject', 'device'].map((column) => ({ on: [column] }));
  await createIndexes(database, 'age_refusals', byColumn);
}

async function copy(
  db: Kysely<Tables>,
  from: string,
  to: string,
  sources: readonly (readonly [column: string, source: Source])[],
): Promise<void> {
  for (let last: Value = null; ; ) {
    const all = db.selectFrom(from).selectAll().orderBy('id').limit(ROWS_AT_ONCE);
    const rows: readonly Row[] = await (last === null ? all : all.where('id', '>', last)).execute();
    const typed = rows.map((row) => {
      const body: unknown = JSON.parse(String(row['body']));
      return Object.fromEntries(sources.map(([column, { read }]) => [column, read(body, row)]));
    });
    if (typed.length > 0) await db.insertInto(to).values(typed).execute();
    if (rows.length < ROWS_AT_ONCE) return;
    last = rows.at(-1)?.['id'] ?? null;
  }
}

function sourceOf(column: string, text: string): Source {
  const [type = '', path = camelCase(column)] = text.split(' ');
  const kind = type.replace('?', '');
  const isNullable = type.endsWith('?');
  if (path === '*') return { kind, isNullable, read: (_, row) => row[column] ?? null };
  const parts = path.split('.');
  return { kind, isNullable, read: (body) => valueOf(kind, parts.reduce(fieldOf, body)) };
}

function fieldOf(object: unknown, field: string): unknown {
  return (object as Readonly<Record<string, unknown>> | null | undefined)?.[field];
}

function valueOf(kind: string, value: unknown): Value {
  if (value === undefined || value === null) return null;
  if (kind === 'json') return JSON.stringify(value);
  if (kind === 'flag') return Number(value);
  const codes = CODES[kind];
  // The cast is safe because all other fields are texts and numbers.
  return codes === undefined ? (value as Value) : codes.indexOf(value as string);
}

function camelCase(column: string): string {
  return column.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}

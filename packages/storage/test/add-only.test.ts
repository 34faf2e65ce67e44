import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { migrate } from '../src/migrate.ts';
import { MIGRATIONS } from '../src/migrations/migrations.ts';
import type { Database } from '../src/schema.ts';
import { openSqlite } from '../src/sqlite/sqlite-database.ts';

/**
 * Number of the last migration of version 0.2.0. From then on, versions of one minor version share
 * a database during an upgrade. A new minor version moves this number.
 */
const FREE_UNTIL = 22;

type Migrations = Readonly<Record<string, Migration>>;

/** Columns of all tables by `table.column`, with whether an insert may leave the column out. */
async function columnsOf(db: Database): Promise<ReadonlyMap<string, boolean>> {
  const tables = await db.withoutPlugins().introspection.getTables();
  return new Map(
    tables.flatMap(({ name, columns }) =>
      columns.map((column) => [
        `${name}.${column.name}`,
        column.isNullable || column.hasDefaultValue,
      ]),
    ),
  );
}

/** Returns what the migrations after `FREE_UNTIL` do to the schema, except adding to it. */
async function breaksIn(migrations: Migrations): Promise<readonly string[]> {
  const db = await openSqlite(':memory:', 'as it is');
  try {
    const all = Object.entries(migrations);
    const isFree = (name: string): boolean => Number(name.slice(0, 4)) <= FREE_UNTIL;
    const breaks: string[] = [];
    let before: ReadonlyMap<string, boolean> = new Map();
    for (const [at, [name]] of all.entries()) {
      await migrate(db, Object.fromEntries(all.slice(0, at + 1)));
      const after = await columnsOf(db);
      if (!isFree(name)) breaks.push(...breaksBetween(before, after, name));
      before = after;
    }
    return breaks;
  } finally {
    await db.destroy();
  }
}

function breaksBetween(
  before: ReadonlyMap<string, boolean>,
  after: ReadonlyMap<string, boolean>,
  name: string,
): readonly string[] {
  const tables = new Set([...before.keys()].map((column) => column.split('.')[0]));
  const breaks = [...before.keys()]
    .filter((column) => !after.has(column))
    .map((column) => `${name} loses ${column}`);
  for (const [column, isOptional] of after) {
    const isOfOldTable = tables.has(column.split('.')[0]);
    if (before.has(column) || !isOfOldTable || isOptional) continue;
    breaks.push(`${name} requires ${column}`);
  }
  return breaks;
}

test('[ST-7a] migrations of one minor version only add tables and optional columns', async () => {
  assert.deepEqual(await breaksIn(MIGRATIONS), []);
});

test('[ST-7a] detects dropped, renamed and newly required columns and tables', async () => {
  const planted = async (up: (db: Kysely<unknown>) => Promise<void>): Promise<readonly string[]> =>
    await breaksIn({ ...MIGRATIONS, '9999-planted': { up } });
  const name = '9999-planted';
  assert.deepEqual(
    await planted(async ({ schema }) => {
      await schema.alterTable('audit').dropColumn('salt').execute();
    }),
    [`${name} loses audit.salt`],
  );
  assert.deepEqual(
    await planted(async ({ schema }) => {
      await schema.alterTable('audit').renameColumn('salt', 'pepper').execute();
    }),
    [`${name} loses audit.salt`],
  );
  assert.deepEqual(
    await planted(async ({ schema }) => {
      await schema.alterTable('words_keys').renameTo('text_keys').execute();
    }),
    [`${name} loses words_keys.id`, `${name} loses words_keys.wrapped`],
  );
  assert.deepEqual(
    await planted(async ({ schema }) => {
      await schema.dropTable('words_keys').execute();
    }),
    [`${name} loses words_keys.id`, `${name} loses words_keys.wrapped`],
  );
  assert.deepEqual(
    await planted(async ({ schema }) => {
      await schema
        .alterTable('words')
        .addColumn('size', 'integer', (column) => column.notNull().defaultTo(0))
        .execute();
      await schema.alterTable('words').addColumn('note', 'text').execute();
      await schema
        .createTable('more')
        .addColumn('id', 'text', (column) => column.primaryKey().notNull())
        .execute();
    }),
    [],
  );
});

test('[ST-7a] detects a new column that earlier versions can’t fill', () => {
  const before = new Map([['words.id', false]]);
  const after = new Map([...before, ['words.size', false], ['more.id', false]] as const);
  assert.deepEqual(breaksBetween(before, after, '9999-planted'), [
    '9999-planted requires words.size',
  ]);
});

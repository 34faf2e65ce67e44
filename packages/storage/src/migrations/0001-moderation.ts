import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

const THINGS: Readonly<Record<string, Readonly<Record<string, 'text' | 'bigint'>>>> = {
  cases: { subject: 'text', state: 'text' },
  reports: { case: 'text', by: 'text', of: 'text', match: 'text', code: 'text' },
  decisions: { case: 'text', subject: 'text' },
  sanctions: { decision: 'text', subject: 'text', device: 'text', holds_until_ms: 'bigint' },
  strikes: { subject: 'text', decision: 'text' },
  appeals: { decision: 'text', state: 'text' },
  approvals: { state: 'text' },
  people: { held_until_ms: 'bigint' },
  members: {},
  settings: {},
};

const INDEXES: readonly (readonly [string, ...string[]])[] = [
  ['cases', 'subject', 'state'],
  ['cases', 'state', 'at_ms'],
  ['reports', 'case', 'at_ms'],
  ['reports', 'case', 'by', 'at_ms'],
  ['reports', 'of', 'at_ms'],
  ['reports', 'by', 'at_ms'],
  ['decisions', 'case'],
  ['decisions', 'subject'],
  ['sanctions', 'decision'],
  ['sanctions', 'subject'],
  ['sanctions', 'holds_until_ms'],
  ['strikes', 'subject'],
  ['strikes', 'decision'],
  ['approvals', 'state'],
  ['people', 'held_until_ms'],
  ['people', 'at_ms'],
  ['words', 'keep_until_ms'],
  ['audit', 'about'],
  ['audit', 'action', 'seq'],
];

/** Combinations of columns that must be unique. The code also ensures this before writing. */
const UNIQUE: readonly (readonly [string, ...string[]])[] = [
  ['reports', 'match', 'by'],
  ['appeals', 'decision'],
];

/**
 * Creates the first schema, from reports to appeals. Ids are text, times are integers in
 * milliseconds, and bodies are JSON text.
 */
export const moderation: Migration = { up };

async function up(db: Kysely<unknown>): Promise<void> {
  for (const [name, columns] of Object.entries(THINGS)) {
    let table = db.schema
      .createTable(name)
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('at_ms', 'bigint', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull());
    for (const [column, type] of Object.entries(columns)) table = table.addColumn(column, type);
    await table.execute();
  }
  await db.schema
    .createTable('words')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('keep_until_ms', 'bigint', (column) => column.notNull())
    .addColumn('sealed', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('words_keys')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('wrapped', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('audit')
    .addColumn('seq', 'bigint', (column) => column.primaryKey().notNull())
    .addColumn('at_ms', 'bigint', (column) => column.notNull())
    .addColumn('by', 'text', (column) => column.notNull())
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('about', 'text', (column) => column.notNull())
    .addColumn('details', 'text')
    .addColumn('salt', 'text')
    .addColumn('digest', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('audit_ends')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .execute();
  for (const [table, ...columns] of INDEXES) {
    await db.schema.createIndex(nameOf(table, columns)).on(table).columns(columns).execute();
  }
  for (const [table, ...columns] of UNIQUE) {
    const index = db.schema.createIndex(nameOf(table, columns)).unique().on(table).columns(columns);
    await index.execute();
  }
}

function nameOf(table: string, columns: readonly string[]): string {
  return [table, 'by', ...columns].join('_');
}

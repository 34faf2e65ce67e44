import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

const THINGS: Readonly<Record<string, Readonly<Record<string, 'text' | 'bigint'>>>> = {
  passkeys: { member: 'text' },
  passwords: {},
  console_sessions: { member: 'text', seen_at_ms: 'bigint' },
  sign_in_links: { of: 'text' },
  attempts: {},
  spent_challenges: {},
};

const INDEXES: readonly (readonly [string, string])[] = [
  ['passkeys', 'member'],
  ['console_sessions', 'member'],
  ['console_sessions', 'seen_at_ms'],
  ['sign_in_links', 'of'],
  ['attempts', 'at_ms'],
  ['spent_challenges', 'at_ms'],
];

/** Creates tables for the credentials and sessions of members. */
export const signIn: Migration = { up };

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
  for (const [table, column] of INDEXES) {
    await db.schema.createIndex(`${table}_by_${column}`).on(table).column(column).execute();
  }
}

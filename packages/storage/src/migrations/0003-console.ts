import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Adds indexes for the console's queries: cases by device, events of the last day, and call
 * counts.
 */
export const consoleQueries: Migration = { up };

/** Columns of the cases table at this schema version. */
interface Cases {
  readonly cases: { readonly id: string; readonly body: string; readonly device: string | null };
}

async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('cases').addColumn('device', 'text').execute();
  const known = db as Kysely<Cases>;
  for (const { id, body } of await known.selectFrom('cases').select(['id', 'body']).execute()) {
    const { device } = JSON.parse(body) as { device: string | null };
    await known.updateTable('cases').set({ device }).where('id', '=', id).execute();
  }
  await db.schema
    .createTable('tallies')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('at_ms', 'bigint', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  for (const [table, ...columns] of [
    ['cases', 'device'],
    ['reports', 'at_ms'],
    ['decisions', 'at_ms'],
    ['appeals', 'state', 'at_ms'],
    ['audit', 'by', 'action', 'at_ms'],
    ['tallies', 'at_ms'],
  ] as const) {
    const name = [table, 'by', ...columns].join('_');
    await db.schema
      .createIndex(name)
      .on(table)
      .columns([...columns])
      .execute();
  }
}

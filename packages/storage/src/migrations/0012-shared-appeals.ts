import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Creates a table for appeals of users who are banned because of another user's network or
 * device.
 */
export const sharedAppeals: Migration = { up };

async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('shared_appeals')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('at_ms', 'bigint', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('sanction', 'text', (column) => column.notNull())
    .addColumn('by', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .execute();
  for (const [name, ...columns] of [
    ['at_ms', 'at_ms'],
    ['by', 'by', 'at_ms'],
    ['state', 'state', 'at_ms'],
  ] as const) {
    await db.schema
      .createIndex(`shared_appeals_by_${name}`)
      .on('shared_appeals')
      .columns([...columns])
      .execute();
  }
  // Each author may have one appeal per sanction.
  await db.schema
    .createIndex('shared_appeals_once')
    .on('shared_appeals')
    .columns(['sanction', 'by'])
    .unique()
    .execute();
}

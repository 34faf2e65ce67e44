import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Adds a table for the server's date and its average numbers of users per hour. */
export const hoursDate: Migration = { up };

async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('server_state')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('at_ms', 'bigint', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
}

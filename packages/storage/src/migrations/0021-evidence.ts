import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Adds the encrypted bytes of pictures, which earlier versions kept as files beside the database.
 * The server moves the files into the table at its next start.
 */
export const evidence: Migration = { up };

async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('picture_bytes')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('in_backups', 'integer', (column) => column.notNull())
    .addColumn('sealed', 'bytea', (column) => column.notNull())
    .execute();
}

import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Adds the index of proven users. Databases of earlier versions contain none. */
export const standing: Migration = { up };

async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('people')
    .addColumn('proven_until_ms', 'bigint', (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema
    .createIndex('people_by_proven_until_ms')
    .on('people')
    .columns(['proven_until_ms', 'at_ms'])
    .execute();
}

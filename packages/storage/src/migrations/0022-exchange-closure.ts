import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Adds the closure of language exchange to users. Databases of earlier versions contain none. */
export const exchangeClosure: Migration = { up };

async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('people').addColumn('exchange_closure', 'text').execute();
}

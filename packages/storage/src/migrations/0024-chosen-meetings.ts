import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Adds to each report how its two users chose each other. Null if they met by chance. */
export const chosenMeetings: Migration = { up };

async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('reports').addColumn('met_by', 'text').execute();
}

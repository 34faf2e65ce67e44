import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Adds the device of an appeal against an age refusal, by which such appeals are limited. */
export const ageAppeals: Migration = { up };

async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('appeals').addColumn('device', 'text').execute();
  await db.schema
    .createIndex('appeals_by_device')
    .on('appeals')
    .columns(['device', 'at_ms'])
    .execute();
}

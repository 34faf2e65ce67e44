import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Allows a subject one open case in each queue. Rows stay unchanged, because each existing case
 * has all reports about its subject.
 */
export const sealedCases: Migration = { up };

async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropIndex('cases_one_open').execute();
  await sql`create unique index cases_one_open on cases (subject, lane) where state <> 'closed'`.execute(
    db,
  );
}

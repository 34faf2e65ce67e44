import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { createIndexes, createTable } from './create-table.ts';

/** Adds a table for browsers that get a notification when someone searches. */
export const pushes: Migration = { up };

async function up(db: Kysely<unknown>): Promise<void> {
  await createTable(db, 'pushes', {
    ...{ id: 'text', subject: 'text', mode: 'text', sealed: 'text' },
    ...{ at_ms: 'bigint', sent_at_ms: 'bigint' },
  });
  const indexes = [['at_ms'], ['subject'], ['mode', 'sent_at_ms']];
  await createIndexes(
    db,
    'pushes',
    indexes.map((on) => ({ on })),
  );
}

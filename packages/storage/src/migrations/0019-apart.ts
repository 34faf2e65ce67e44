import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Creates tables for blocks and for declarations of minors. Reports are now unique by match,
 * reporter and reported user.
 */
export const apart: Migration = { up };

async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('blocks')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('at_ms', 'bigint', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('by', 'text', (column) => column.notNull())
    .addColumn('of', 'text', (column) => column.notNull())
    .addColumn('by_device', 'text')
    .addColumn('of_device', 'text')
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('names_network', 'integer', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('age_refusals')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('at_ms', 'bigint', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('device', 'text')
    .execute();
  for (const [table, ...columns] of [
    ['blocks', 'at_ms'],
    ['blocks', 'by'],
    ['blocks', 'of'],
    ['blocks', 'by_device'],
    ['blocks', 'of_device'],
    ['blocks', 'kind', 'at_ms'],
    ['blocks', 'names_network', 'at_ms'],
    ['age_refusals', 'at_ms'],
    ['age_refusals', 'subject'],
    ['age_refusals', 'device'],
  ] as const) {
    await db.schema
      .createIndex([table, 'by', ...columns].join('_'))
      .on(table)
      .columns([...columns])
      .execute();
  }
  await db.schema.dropIndex('reports_by_match_by').execute();
  await db.schema
    .createIndex('reports_once')
    .unique()
    .on('reports')
    .columns(['match', 'by', 'of'])
    .execute();
}

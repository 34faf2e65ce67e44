import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Creates tables for matched pairs and for the users' networks. Rows of both tables expire. */
export const ledger: Migration = { up };

async function up(db: Kysely<unknown>): Promise<void> {
  for (const [name, columns] of [
    ['pairs', ['a', 'b']],
    ['anchors', ['subject', 'network']],
  ] as const) {
    let table = db.schema
      .createTable(name)
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('at_ms', 'bigint', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull());
    for (const column of columns) {
      table = table.addColumn(column, 'text', (one) => one.notNull());
    }
    await table.execute();
    await db.schema.createIndex(`${name}_by_at_ms`).on(name).column('at_ms').execute();
    for (const column of columns) {
      await db.schema
        .createIndex(`${name}_by_${column}`)
        .on(name)
        .columns([column, 'at_ms'])
        .execute();
    }
  }
}

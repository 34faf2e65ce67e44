import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export const pictures: Migration = { up };

async function up(db: Kysely<unknown>): Promise<void> {
  for (const [name, columns] of [
    ['pictures', { report: 'text', case: 'text', keep_until_ms: 'bigint' }],
    ['picture_keys', { picture: 'text' }],
  ] as const) {
    let table = db.schema
      .createTable(name)
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('at_ms', 'bigint', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull());
    for (const [column, type] of Object.entries(columns)) table = table.addColumn(column, type);
    await table.execute();
    for (const column of Object.keys(columns)) {
      await db.schema.createIndex(`${name}_by_${column}`).on(name).column(column).execute();
    }
  }
}

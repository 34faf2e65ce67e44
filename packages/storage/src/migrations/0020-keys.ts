import type { Migration } from 'kysely/migration';

/**
 * Adds the table of what the store holds about the server's keys: their fingerprint, the name of
 * the key that encrypts new texts, and the encrypted rotating keys. `seq` is the order in which
 * rotating keys were added.
 */
export const serverKeys: Migration = {
  up: async (db) => {
    await db.schema
      .createTable('server_keys')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('seq', 'bigint', (column) => column.notNull())
      .addColumn('from_ms', 'bigint', (column) => column.notNull())
      .addColumn('value', 'text', (column) => column.notNull())
      .execute();
  },
};

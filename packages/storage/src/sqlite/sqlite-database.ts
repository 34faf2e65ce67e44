import { CamelCasePlugin, Kysely, SqliteAdapter, SqliteDialect } from 'kysely';
import { migrate } from '../migrate.ts';
import type { Database, Schema } from '../schema.ts';
import { forKysely, openDatabase } from './node-sqlite.ts';

/**
 * Opens a database of SQLite, brought to this version's schema.
 *
 * @throws StoreError when it is of a later version or would not keep what it acknowledges
 */
export async function openSqlite(path: string): Promise<Database> {
  const db = new Kysely<Schema>({
    dialect: new Dialect({ database: forKysely(openDatabase(path)) }),
    plugins: [new CamelCasePlugin()],
  });
  try {
    await migrate(db);
    return db;
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

/** Kysely holds that a schema cannot be changed in a transaction here; SQLite can do it. */
class Adapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class Dialect extends SqliteDialect {
  override createAdapter(): SqliteAdapter {
    return new Adapter();
  }
}

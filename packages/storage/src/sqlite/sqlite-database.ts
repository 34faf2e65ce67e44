import {
  CamelCasePlugin,
  CompiledQuery,
  type DatabaseConnection,
  Kysely,
  SqliteAdapter,
  SqliteDialect,
  type SqliteDialectConfig,
  SqliteDriver,
} from 'kysely';
import { migrate } from '../migrate.ts';
import type { Database, Schema } from '../schema.ts';
import { forKysely, openDatabase } from './node-sqlite.ts';

/**
 * Opens a database of SQLite, brought to this version's schema unless it is wanted as it is.
 *
 * @throws StoreError when it is of a later version or would not keep what it acknowledges
 */
export async function openSqlite(
  path: string,
  schema: 'this version' | 'as it is' = 'this version',
): Promise<Database> {
  const db = new Kysely<Schema>({
    dialect: new Dialect({ database: forKysely(openDatabase(path)) }),
    plugins: [new CamelCasePlugin()],
  });
  try {
    if (schema === 'this version') await migrate(db);
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

/**
 * A transaction takes its turn to write at its beginning. One that only did so at its first write
 * would fail where another process has written since it began to read.
 */
class Driver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }
}

class Dialect extends SqliteDialect {
  readonly #config: SqliteDialectConfig;

  constructor(config: SqliteDialectConfig) {
    super(config);
    this.#config = config;
  }

  override createAdapter(): SqliteAdapter {
    return new Adapter();
  }

  override createDriver(): SqliteDriver {
    return new Driver(this.#config);
  }
}

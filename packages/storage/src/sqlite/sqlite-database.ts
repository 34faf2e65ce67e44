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
 * Opens SQLite and migrates it, unless opened as is.
 * @throws StoreError when of a later version or not durable
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

/** Kysely assumes no transactional DDL; SQLite has it. */
class Adapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** `begin immediate`: otherwise the first write fails if another process wrote after our read. */
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

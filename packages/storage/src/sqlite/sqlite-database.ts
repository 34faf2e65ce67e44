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
 * Opens SQLite. Migrates the database unless `schema` is 'as it is'.
 * @throws StoreError when the database is of a later version, or commits aren't durable
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

/** Kysely assumes that SQLite can't change the schema in a transaction, but SQLite can. */
class Adapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/**
 * Uses `begin immediate`, because after a plain `begin` the first write fails if another process
 * has written since the transaction's first read.
 */
class Driver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }

  /**
   * SQLite itself ends a transaction that fails on a full disk. The rollback then fails too, and its
   * error would hide the error of the disk.
   */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    try {
      await super.rollbackTransaction(connection);
    } catch (error) {
      const isEnded = error instanceof Error && error.message.includes('no transaction is active');
      if (!isEnded) throw error;
    }
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

import { closeSync, openSync } from 'node:fs';
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
import { asStoreError } from '../store-error.ts';
import { CommitGuard } from './commit-guard.ts';
import { forKysely, IN_MEMORY, openDatabase } from './node-sqlite.ts';
import { SqliteErrors } from './sqlite-error.ts';

export interface OpenedSqlite {
  readonly db: Database;
  /** Null for a database in memory. */
  readonly guard: CommitGuard | null;
}

/**
 * Opens or creates a SQLite file. Only the file's owner may read it. Migrates the database unless
 * `schema` is 'as it is'.
 * @throws StoreError when the database is of a later version, commits aren't durable, or the
 * database lacks commits that it had before; with 'as it is' lost commits are no reason
 */
export async function openSqlite(
  path: string,
  schema: 'this version' | 'as it is' = 'this version',
): Promise<Database> {
  return (await openGuarded(path, schema)).db;
}

/** See `openSqlite`. Also returns the guard, so that the caller can note commits. */
export async function openGuarded(
  path: string,
  schema: 'this version' | 'as it is' = 'this version',
): Promise<OpenedSqlite> {
  const errors = new SqliteErrors(path);
  try {
    const guard = path === IN_MEMORY ? null : new CommitGuard(path);
    if (schema === 'this version') guard?.requireWhole();
    if (path !== IN_MEMORY) closeSync(openSync(path, 'a', 0o600));
    const database = openDatabase(path);
    const sqlite = forKysely(database, errors, () => guard?.close());
    const db = new Kysely<Schema>({
      dialect: new Dialect({ database: sqlite }),
      plugins: [new CamelCasePlugin()],
    });
    try {
      guard?.watch(database);
      if (schema === 'as it is') return { db, guard };
      guard?.requireWhole();
      await migrate(db);
      guard?.begin();
      return { db, guard };
    } catch (error) {
      await db.destroy();
      // Kysely doesn't close a database that it hasn't used yet.
      if (database.isOpen) sqlite.close();
      throw error;
    }
  } catch (error) {
    throw asStoreError(errors.named(error));
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

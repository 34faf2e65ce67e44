import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import type { SqliteDatabase, SqliteStatement } from 'kysely';
import { STATEMENTS_PREPARED_MAX } from '../limits.ts';
import { StoreError } from '../store-error.ts';
import type { SqliteErrors } from './sqlite-error.ts';

export type { DatabaseSync, StatementSync };

export const IN_MEMORY = ':memory:';

/**
 * SQLite settings that durable commits require. Each has the value that SQLite must report back.
 */
const PRAGMAS = [
  ['journal_mode', 'wal', 'wal'],
  // SQLite flushes its log at each commit. With `NORMAL`, a power failure could lose acknowledged
  // commits.
  ['synchronous', 'full', 2],
  // SQLite overwrites deleted data in the file.
  ['secure_delete', 'on', 1],
  // SQLite keeps the journals of savepoints in memory.
  ['temp_store', 'memory', 2],
  ['cache_size', '-16384', -16384],
] as const;

/**
 * Opens a database with durable commits.
 * @throws StoreError when SQLite refuses a setting; any other error is rethrown
 */
export function openDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 5_000 });
  try {
    for (const [name, wanted, answer] of PRAGMAS) {
      // SQLite keeps no journal for a database in memory.
      if (path === IN_MEMORY && name === 'journal_mode') continue;
      database.exec(`pragma ${name} = ${wanted}`);
      const [found] = Object.values(database.prepare(`pragma ${name}`).get() ?? {});
      if (found !== answer) {
        throw new StoreError(
          'not-durable',
          `${path} cannot be kept safely: SQLite’s ${name} is ${String(found)}, not ${answer}.`,
        );
      }
    }
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * Opens a database file to read it, without locks. What only the log contains isn't visible.
 * @throws Error if the file can't be read
 */
export function openUnchanged(path: string): DatabaseSync {
  const file = pathToFileURL(path);
  file.searchParams.set('immutable', '1');
  return new DatabaseSync(file, { readOnly: true });
}

/** Statement that does nothing. */
const NOTHING: SqliteStatement = {
  reader: false,
  all: () => [],
  run: () => ({ changes: 0, lastInsertRowid: 0 }),
  iterate: () => [].values(),
};

/**
 * Adapts a node:sqlite database for Kysely. Caches prepared statements.
 *
 * SQLite itself rolls back a transaction after some errors, such as a full disk. Until the caller
 * rolls back too, all further statements then fail with the same error: they would otherwise run
 * outside a transaction, or fail with an error that hides the first one.
 *
 * @param beforeClose runs just before the database is closed
 */
export function forKysely(
  database: DatabaseSync,
  errors: SqliteErrors,
  beforeClose: () => void = () => {},
): SqliteDatabase {
  const prepared = new Map<string, SqliteStatement>();
  let rolledBackBy: Error | null = null;
  const guarded = <Answer>(run: () => Answer): Answer => {
    if (rolledBackBy !== null) throw rolledBackBy;
    const wasInTransaction = database.isTransaction;
    try {
      return run();
    } catch (error) {
      const named = errors.named(error);
      if (wasInTransaction && !database.isTransaction) rolledBackBy = named;
      throw named;
    }
  };
  return {
    close: () => {
      beforeClose();
      database.close();
    },
    prepare: (sql) => {
      if (rolledBackBy !== null && sql === 'rollback') {
        rolledBackBy = null;
        return NOTHING;
      }
      const known = prepared.get(sql);
      if (known !== undefined) return known;
      const inner = guarded(() => statementOf(database.prepare(sql)));
      const statement: SqliteStatement = {
        reader: inner.reader,
        all: (parameters) => guarded(() => inner.all(parameters)),
        run: (parameters) => guarded(() => inner.run(parameters)),
        iterate: (parameters) => guarded(() => inner.iterate(parameters)),
      };
      if (prepared.size >= STATEMENTS_PREPARED_MAX) prepared.clear();
      prepared.set(sql, statement);
      return statement;
    },
  };
}

function statementOf(statement: StatementSync): SqliteStatement {
  const values = (parameters: readonly unknown[]): SQLInputValue[] => [
    // The cast is safe because the schema has only texts, integers and null.
    ...(parameters as readonly SQLInputValue[]),
  ];
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...values(parameters)),
    run: (parameters) => statement.run(...values(parameters)),
    iterate: (parameters) => statement.iterate(...values(parameters)),
  };
}

import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { SqliteDatabase, SqliteStatement } from 'kysely';
import { STATEMENTS_PREPARED_MAX } from '../limits.ts';
import { StoreError } from '../store-error.ts';

/** SQLite's name for a database without a file. */
export const IN_MEMORY = ':memory:';

/** What must be so before anything is acknowledged, and how it is asked for. */
const PRAGMAS = [
  ['journal_mode', 'wal', 'wal'],
  // Each commit is flushed: NORMAL lost what it had acknowledged when the power went.
  ['synchronous', 'full', 2],
  // What is deleted is overwritten.
  ['secure_delete', 'on', 1],
  // What a savepoint would take back is kept in memory, and so is a whole transaction.
  ['temp_store', 'memory', 2],
  ['cache_size', '-16384', -16384],
] as const;

/**
 * Opens a database whose commits are on the disk when they return.
 *
 * @throws StoreError when SQLite would not have it so; the system's or SQLite's own error
 */
export function openDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 5_000 });
  try {
    for (const [name, wanted, answer] of PRAGMAS) {
      // A database in memory has no journal on a disk.
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

/** Node's SQLite as Kysely asks for it. Statements stay prepared: there are few different ones. */
export function forKysely(database: DatabaseSync): SqliteDatabase {
  const prepared = new Map<string, SqliteStatement>();
  return {
    close: () => database.close(),
    prepare: (sql) => {
      const known = prepared.get(sql);
      if (known !== undefined) return known;
      const statement = statementOf(database.prepare(sql));
      if (prepared.size >= STATEMENTS_PREPARED_MAX) prepared.clear();
      prepared.set(sql, statement);
      return statement;
    },
  };
}

function statementOf(statement: StatementSync): SqliteStatement {
  const values = (parameters: readonly unknown[]): SQLInputValue[] => [
    // The schema has texts, whole numbers and null, and nothing else.
    ...(parameters as readonly SQLInputValue[]),
  ];
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...values(parameters)),
    run: (parameters) => statement.run(...values(parameters)),
    iterate: (parameters) => statement.iterate(...values(parameters)),
  };
}

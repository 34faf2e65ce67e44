import { type ControlledTransaction, type KyselyPlugin, sql } from 'kysely';
import type { OpenTransaction } from './group-commit.ts';
import { kyselyRecords } from './kysely-records.ts';
import type { Database, Schema } from './schema.ts';
import type { StoreSeals } from './store-seals.ts';

type Transaction = ControlledTransaction<Schema>;

export interface TransactionOptions {
  /** By default, a transaction of the database's own kind. */
  readonly start?: (db: Database) => Promise<Transaction>;
  /** Runs before the first command. */
  readonly prepare?: (transaction: Transaction) => Promise<void>;
  readonly commit?: (transaction: Transaction) => Promise<void>;
  /** Changes the queries of the records. */
  readonly plugins?: readonly KyselyPlugin[];
}

const MARK = 'mark';

/** Begins a transaction that the caller commits or rolls back. */
export async function beginTransaction(
  db: Database,
  seals: StoreSeals,
  { start = startAny, prepare = nothing, commit = commitIt, plugins = [] }: TransactionOptions = {},
): Promise<OpenTransaction> {
  const transaction = await start(db);
  try {
    await prepare(transaction);
  } catch (error) {
    await transaction.rollback().execute().catch(ignore);
    throw error;
  }
  let isMarked = false;
  const queries = plugins.reduce<Transaction>(
    (before, plugin) => before.withPlugin(plugin),
    transaction,
  );
  return {
    records: kyselyRecords(queries, seals),
    mark: async () => {
      // Releases the savepoint of the command before, because savepoints nest.
      if (isMarked) await sql`release savepoint ${sql.id(MARK)}`.execute(transaction);
      await sql`savepoint ${sql.id(MARK)}`.execute(transaction);
      isMarked = true;
    },
    backToMark: async () => {
      await sql`rollback to savepoint ${sql.id(MARK)}`.execute(transaction);
    },
    commit: () => commit(transaction),
    rollback: () => transaction.rollback().execute(),
  };
}

function startAny(db: Database): Promise<Transaction> {
  return db.startTransaction().execute();
}

async function commitIt(transaction: Transaction): Promise<void> {
  await transaction.commit().execute();
}

async function nothing(): Promise<void> {}

function ignore(): void {}

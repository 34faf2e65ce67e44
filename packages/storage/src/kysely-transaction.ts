import { type ControlledTransaction, sql } from 'kysely';
import type { OpenTransaction } from './group-commit.ts';
import { kyselyRecords } from './kysely-records.ts';
import type { Database, Schema } from './schema.ts';
import type { StoreSeals } from './store-seals.ts';

const MARK = 'mark';

/** Begins a transaction that the caller commits or rolls back. */
export async function beginTransaction(
  db: Database,
  seals: StoreSeals,
  prepare: (transaction: ControlledTransaction<Schema>) => Promise<void> = nothing,
): Promise<OpenTransaction> {
  const transaction = await db.startTransaction().execute();
  try {
    await prepare(transaction);
  } catch (error) {
    await transaction.rollback().execute().catch(ignore);
    throw error;
  }
  let isMarked = false;
  const release = async (): Promise<void> => {
    if (!isMarked) return;
    await sql`release savepoint ${sql.id(MARK)}`.execute(transaction);
    isMarked = false;
  };
  return {
    records: kyselyRecords(transaction, seals),
    mark: async () => {
      await release();
      await sql`savepoint ${sql.id(MARK)}`.execute(transaction);
      isMarked = true;
    },
    backToMark: async () => {
      await sql`rollback to savepoint ${sql.id(MARK)}`.execute(transaction);
    },
    commit: async () => {
      await release();
      await transaction.commit().execute();
    },
    rollback: () => transaction.rollback().execute(),
  };
}

async function nothing(): Promise<void> {}

function ignore(): void {}

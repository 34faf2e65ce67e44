import { setTimeout as wait } from 'node:timers/promises';
import { type ControlledTransaction, sql } from 'kysely';
import type { OpenTransaction } from '../group-commit.ts';
import { beginTransaction } from '../kysely-transaction.ts';
import { OUTCOME_KNOWN_MS } from '../limits.ts';
import type { Database, Schema } from '../schema.ts';
import { StoreError } from '../store-error.ts';
import type { StoreSeals } from '../store-seals.ts';
import { isConflict } from './postgres-error.ts';

type Transaction = ControlledTransaction<Schema>;

const OUTCOME_ASKED_EVERY_MS = 50;

/**
 * Begins a transaction that reads one snapshot of the database. It waits for no lock, and the
 * database refuses its writes.
 */
export function beginRead(db: Database, seals: StoreSeals): Promise<OpenTransaction> {
  return beginTransaction(db, seals, {
    start: () =>
      db
        .startTransaction()
        .setIsolationLevel('repeatable read')
        .setAccessMode('read only')
        .execute(),
  });
}

/**
 * Begins a transaction that writes but doesn't append to the audit. If another transaction changes
 * a row that this one changes too, one of the two is rolled back and has to run again.
 *
 * @param asking connections on which to ask for the outcome of a commit without an answer
 */
export function beginLedger(
  db: Database,
  asking: Database,
  seals: StoreSeals,
): Promise<OpenTransaction> {
  return beginTransaction(db, seals, {
    start: startWrite,
    commit: (transaction) => commitKnown(transaction, asking),
  });
}

/** Like `beginLedger`, and waits for all transactions that may append to the audit. */
export function beginAudit(
  db: Database,
  asking: Database,
  seals: StoreSeals,
): Promise<OpenTransaction> {
  return beginTransaction(db, seals, {
    start: startWrite,
    prepare: lockAudit,
    commit: (transaction) => commitKnown(transaction, asking),
  });
}

export function startWrite(db: Database): Promise<Transaction> {
  return db.startTransaction().setIsolationLevel('repeatable read').execute();
}

/**
 * Takes the lock of the audit's end until the transaction ends. Locks a table, because `lock table`
 * takes no snapshot: after `select pg_advisory_xact_lock()` the transaction wouldn't see what was
 * committed while it waited. Other transactions may still read the table.
 */
export async function lockAudit(transaction: Transaction): Promise<void> {
  await sql`lock table ${sql.table('auditEnds')} in exclusive mode`.execute(transaction);
}

/**
 * Commits. If the connection ends before the answer, asks the database whether the commit took
 * effect, so that the transaction isn't repeated after it was committed.
 */
async function commitKnown(transaction: Transaction, asking: Database): Promise<void> {
  const { rows } = await sql<{ readonly id: string | null }>`
    select pg_current_xact_id_if_assigned()::text as id
  `.execute(transaction);
  const id = rows[0]?.id ?? null;
  try {
    await transaction.commit().execute();
  } catch (error) {
    if (isConflict(error) || transaction.isRolledBack) throw error;
    // Releases the broken connection.
    await transaction.rollback().execute().catch(ignore);
    // Without an id, the transaction has written nothing.
    if (id === null || (await hasCommitted(asking, id))) return;
    throw error;
  }
}

/** @throws StoreError if the database doesn't tell within `OUTCOME_KNOWN_MS` */
async function hasCommitted(db: Database, id: string): Promise<boolean> {
  const untilMs = performance.now() + OUTCOME_KNOWN_MS;
  for (;;) {
    const status = await statusOf(db, id).catch(ignore);
    if (status === 'committed') return true;
    if (status === 'aborted') return false;
    if (performance.now() >= untilMs) {
      throw new StoreError(
        'failed',
        'The connection to the database ended during a commit. The change may have been made.',
      );
    }
    await wait(OUTCOME_ASKED_EVERY_MS);
  }
}

async function statusOf(db: Database, id: string): Promise<string | undefined> {
  const { rows } = await sql<{ readonly status: string }>`
    select pg_xact_status(${id}::xid8) as status
  `.execute(db);
  return rows[0]?.status;
}

function ignore(): void {}

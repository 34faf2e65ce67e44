import { setTimeout as wait } from 'node:timers/promises';
import { type ControlledTransaction, sql } from 'kysely';
import type { OpenTransaction } from '../group-commit.ts';
import { beginTransaction } from '../kysely-transaction.ts';
import { OUTCOME_KNOWN_MS } from '../limits.ts';
import type { Database, Schema } from '../schema.ts';
import { StoreError } from '../store-error.ts';
import type { StoreSeals } from '../store-seals.ts';
import { LOCK_ROWS } from './lock-rows.ts';
import type { ControlConnection, NodeConnections } from './postgres-database.ts';
import { isConflict, isUnknownTransaction } from './postgres-error.ts';

type Transaction = ControlledTransaction<Schema>;

const OUTCOME_ASKED_EVERY_MS = 50;

/**
 * Begins a transaction that reads one snapshot of the database. It waits for no lock, and the
 * database refuses its writes.
 */
export function beginRead({ reads }: NodeConnections, seals: StoreSeals): Promise<OpenTransaction> {
  return beginTransaction(reads, seals, {
    start: (db) =>
      db
        .startTransaction()
        .setIsolationLevel('repeatable read')
        .setAccessMode('read only')
        .execute(),
  });
}

/**
 * Begins a transaction that writes but doesn't append to the audit. If another transaction changes
 * or deletes a row that this one changes too, one of the two is rolled back and has to run again.
 */
export function beginLedger(
  { ledger, control }: NodeConnections,
  seals: StoreSeals,
): Promise<OpenTransaction> {
  return beginTransaction(ledger, seals, {
    start: startWrite,
    plugins: [LOCK_ROWS],
    commit: (transaction) => commitKnown(transaction, control),
  });
}

/** Like `beginLedger`, and waits for all transactions that may append to the audit. */
export function beginAudit(
  { audit, control }: NodeConnections,
  seals: StoreSeals,
): Promise<OpenTransaction> {
  return beginTransaction(audit, seals, {
    start: startWrite,
    prepare: lockAudit,
    commit: (transaction) => commitKnown(transaction, control),
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
async function commitKnown(transaction: Transaction, control: ControlConnection): Promise<void> {
  const { rows } = await sql<{ readonly id: string | null }>`
    select pg_current_xact_id_if_assigned()::text as id
  `.execute(transaction);
  const id = rows[0]?.id ?? null;
  const session = control.session();
  try {
    await transaction.commit().execute();
  } catch (error) {
    if (isConflict(error) || transaction.isRolledBack) throw error;
    // Releases the broken connection.
    await transaction.rollback().execute().catch(ignore);
    // Without an id, the transaction has written nothing.
    if (id === null || (await hasCommitted(control, id, session))) return;
    throw error;
  }
}

/**
 * @param session the control connection's session before the commit
 * @throws StoreError if the outcome isn't known within `OUTCOME_KNOWN_MS`, or can't be known
 */
async function hasCommitted(
  control: ControlConnection,
  id: string,
  session: number | null,
): Promise<boolean> {
  const untilMs = performance.now() + OUTCOME_KNOWN_MS;
  while (performance.now() < untilMs) {
    const status = await statusOf(control.db, id).catch(ignore);
    if (status === 'aborted') return false;
    if (status === 'committed') {
      // If PostgreSQL crashed before the commit was on disk, another transaction may have got the
      // same id since. A connection that is older than the commit proves that it hasn't crashed.
      if (session !== null && session === control.session()) return true;
      break;
    }
    await wait(OUTCOME_ASKED_EVERY_MS);
  }
  throw new StoreError(
    'failed',
    'The connection to the database ended during a commit. The change may have been made.',
  );
}

async function statusOf(db: Database, id: string): Promise<string | undefined> {
  try {
    const { rows } = await sql<{ readonly status: string }>`
      select pg_xact_status(${id}::xid8) as status
    `.execute(db);
    return rows[0]?.status;
  } catch (error) {
    // PostgreSQL crashed before anything of the transaction was on disk.
    if (isUnknownTransaction(error)) return 'aborted';
    throw error;
  }
}

function ignore(): void {}

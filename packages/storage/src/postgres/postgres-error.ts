/** SQLSTATE codes with which PostgreSQL rolls back a transaction because of a concurrent one. */
const CONFLICTS: ReadonlySet<string> = new Set(['40001', '40P01']);

/**
 * Codes with which PostgreSQL or the system ends a connection. Without codes for a connection that
 * can't be made, because running the transaction again at once would fail too.
 */
const ENDED: ReadonlySet<string> = new Set([
  '08003',
  '08006',
  // The transaction was idle for too long.
  '25P03',
  '57P01',
  '57P02',
  // The session was idle for too long.
  '57P05',
  'ECONNRESET',
  'EPIPE',
]);

/** The driver reports an ended connection without a code. */
const ENDED_TEXTS = ['Connection terminated', 'Client has encountered a connection error'];

/** Returns whether the database rolled the transaction back because of a concurrent one. */
export function isConflict(error: unknown): boolean {
  return CONFLICTS.has(codeOf(error));
}

/** Returns whether the connection ended, so that an open transaction is rolled back. */
export function isConnectionEnd(error: unknown): boolean {
  if (ENDED.has(codeOf(error))) return true;
  const message = error instanceof Error ? error.message : '';
  return ENDED_TEXTS.some((text) => message.includes(text));
}

/** Returns whether the driver waited for an answer as long as `query_timeout` allows. */
export function isUnanswered(error: unknown): boolean {
  return error instanceof Error && error.message === 'Query read timeout';
}

/** Returns whether `pg_xact_status` was asked for an id that PostgreSQL hasn't assigned. */
export function isUnknownTransaction(error: unknown): boolean {
  return codeOf(error) === '22023';
}

function codeOf(error: unknown): string {
  const hasCode = typeof error === 'object' && error !== null && 'code' in error;
  return hasCode ? String(error.code) : '';
}

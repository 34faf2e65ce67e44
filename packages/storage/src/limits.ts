/**
 * Every bound of this room, in one place. Sizes count what their name says; times are milliseconds.
 */

/** Commands that wait for their transaction; beyond them the next is refused at once. */
export const PENDING_MAX = 20_000;
/** Commands of one transaction, so that the first of them need not wait for thousands of others. */
export const BATCH_MAX = 256;
/** Statements that a connection of SQLite keeps prepared. */
export const STATEMENTS_PREPARED_MAX = 256;
/** Rows of the audit that are read at once to verify it. */
export const VERIFIED_AT_ONCE = 1_000;
/** How long to wait for a connection to PostgreSQL. */
export const CONNECT_TIMEOUT_MS = 5_000;
/** How long a statement may take there, and how long this node may leave a transaction idle. */
export const STATEMENT_TIMEOUT_MS = 30_000;
export const IDLE_IN_TRANSACTION_MS = 10_000;

/** Limits of the storage package. Sizes have their unit in the name. Times are in milliseconds. */

/** Maximum number of pending store commands. The store refuses further commands at once. */
export const PENDING_MAX = 20_000;
/**
 * Maximum number of commands in one transaction. It bounds how long the first command waits for
 * the commit.
 */
export const BATCH_MAX = 256;
/** Maximum number of prepared statements that each SQLite connection caches. */
export const STATEMENTS_PREPARED_MAX = 256;
export const VERIFIED_AT_ONCE = 1_000;
export const CONNECT_TIMEOUT_MS = 5_000;
/** Maximum duration of a PostgreSQL statement, and of a pause within a transaction. */
export const STATEMENT_TIMEOUT_MS = 30_000;
export const IDLE_IN_TRANSACTION_MS = 10_000;
/** How often a SQLite store notes its commit count beside the database file. */
export const MARK_EVERY_MS = 500;

/** All limits of this package. Sizes have their unit in the name; times are in milliseconds. */

/** Number of commands that may be pending. The store refuses further commands at once. */
export const PENDING_MAX = 20_000;
/** Commands per transaction. The limit bounds how long the first command waits for the commit. */
export const BATCH_MAX = 256;
/** Prepared statements that each SQLite connection caches. */
export const STATEMENTS_PREPARED_MAX = 256;
export const VERIFIED_AT_ONCE = 1_000;
export const CONNECT_TIMEOUT_MS = 5_000;
/** Longest run of a PostgreSQL statement, and longest pause within a transaction. */
export const STATEMENT_TIMEOUT_MS = 30_000;
export const IDLE_IN_TRANSACTION_MS = 10_000;

/** All bounds of this package. Sizes have the unit in their name; times are in milliseconds. */

/** Beyond this a command is refused at once. */
export const PENDING_MAX = 20_000;
/** Limits how long the first command of a transaction waits. */
export const BATCH_MAX = 256;
/** Per SQLite connection. */
export const STATEMENTS_PREPARED_MAX = 256;
export const VERIFIED_AT_ONCE = 1_000;
export const CONNECT_TIMEOUT_MS = 5_000;
/** Limit for a PostgreSQL statement, and for an idle transaction. */
export const STATEMENT_TIMEOUT_MS = 30_000;
export const IDLE_IN_TRANSACTION_MS = 10_000;

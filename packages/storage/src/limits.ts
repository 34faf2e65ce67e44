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
/** Maximum number of rows of an insert. SQLite allows 32,766 values in a statement. */
export const ROWS_AT_ONCE = 200;
/** Maximum number of rows that a statement deletes. */
export const IDS_AT_ONCE = 1_000;
export const VERIFIED_AT_ONCE = 1_000;
/** Maximum number of times that a transaction runs when the database rolls it back. */
export const ATTEMPTS_MAX = 10;
/** Number of lost connections after which a transaction fails. */
export const LOST_CONNECTIONS_MAX = 3;
export const CONNECT_TIMEOUT_MS = 5_000;

/** Limits of the connections of commands that read or write a whole database, such as `backup`. */
export const STATEMENT_TIMEOUT_MS = 30_000;
export const IDLE_IN_TRANSACTION_MS = 10_000;

/** Maximum number of read transactions that a node runs at a time in PostgreSQL. */
export const READS_MAX = 3;
/** Maximum duration of a statement of a node that reads, and of one that may hold locks. */
export const READ_STATEMENT_TIMEOUT_MS = 30_000;
export const WRITE_STATEMENT_TIMEOUT_MS = 10_000;
/** Maximum wait for a lock, such as the lock of the audit or of a row. */
export const LOCK_TIMEOUT_MS = 5_000;
/** Maximum pause within a node's transaction. PostgreSQL then ends the transaction's connection. */
export const NODE_IDLE_IN_TRANSACTION_MS = 2_000;
/** Maximum time for which a node that holds a lock may take none of a statement's results. */
export const STUCK_MS = 1_500;
export const STUCK_CHECKED_EVERY_MS = 500;
/** Time within which a node must learn whether a commit without an answer took effect. */
export const OUTCOME_KNOWN_MS = 2_000;
/** Time that a node waits for an answer after the database has ended the statement. */
export const ANSWER_MS = 2_000;
/**
 * Time within which the database must begin a transaction. A connection on which it doesn't is
 * replaced, because the database's machine may be gone without having closed it.
 */
export const BEGIN_ANSWERED_MS = 5_000;
/** Time after which PostgreSQL ends a connection whose machine doesn't answer. */
export const PEER_GONE_MS = 10_000;
/** Time without a statement after which PostgreSQL ends the connection of the housekeeping node. */
export const HOUSEKEEPER_SILENT_MS = 180_000;
/** How often a SQLite store notes its commit count beside the database file. */
export const NOTED_EVERY_MS = 500;
/**
 * How often a server copies SQLite's log into the database file. Each copy slows the commits beside
 * it for some ms, and a shorter log has almost as many pages to copy.
 */
export const LOG_COPIED_EVERY_MS = 2_000;
/** Size of SQLite's log in pages from which a server has it written from its start again. */
export const LOG_PAGES_REUSED = 1_000;
/**
 * Size of SQLite's log in pages, 256 MiB, from which the commits of a server copy the log
 * themselves. It bounds the log if the thread that copies it is too slow.
 */
export const LOG_PAGES_MAX = 65_536;

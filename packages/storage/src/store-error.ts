import { diskFault } from './disk-fault.ts';

export type StoreErrorCode =
  /** A later version of the software wrote the database. Nothing was changed. */
  | 'schema-newer'
  /** A database setting that durable commits require has another value. */
  | 'not-durable'
  /** The connection to the database would be unencrypted, or its certificate unverified. */
  | 'in-clear'
  /** The text key in use isn't among the server's: its keys file has changed, or is an old copy. */
  | 'text-key-missing'
  /** The database lacks commits that it had before. Nothing was changed. */
  | 'lost'
  /** Too many store commands are pending. */
  | 'too-many'
  | 'closed'
  /** The database hasn't answered for a while. */
  | 'silent'
  /** The thread of the store ended unexpectedly. `cause` contains the error that ended it. */
  | 'thread-ended'
  /** The database into which a dump should be loaded isn't empty. */
  | 'not-empty'
  /** The disk or the database failed. `cause` contains the original error. */
  | 'failed';

/**
 * Thrown when a store operation failed. The store then contains none of the operation's changes.
 */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * Wraps an error in a `StoreError`, unless it already is one. The message names the cause and the
 * remedy if the disk is the cause.
 */
export function asStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const code = causeCodeOf(error);
  const fault = code === null ? null : diskFault(code);
  return new StoreError('failed', fault ?? messageOf(error), { cause: error });
}

/**
 * Returns an error's message. If a host name has several addresses, Node's error has an empty
 * message, and one error for each address.
 */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message === '' && error instanceof AggregateError
    ? error.errors.map(messageOf).join(', ')
    : error.message;
}

/** Returns the code of SQLite, PostgreSQL or the system that an error has; null if it has none. */
export function causeCodeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : null;
}

export type StoreErrorCode =
  /** A later version of the software wrote the database. Nothing was changed. */
  | 'schema-newer'
  /** A database setting that durable commits require has another value. */
  | 'not-durable'
  /** The connection to the database would be unencrypted, or its certificate unverified. */
  | 'in-clear'
  /** The text key in use isn't among the server's: its keys file has changed, or is an old copy. */
  | 'text-key-missing'
  /** Too many store commands are pending. */
  | 'too-many'
  | 'closed'
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

/** Wraps an error in a `StoreError`, unless it already is one. */
export function asStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new StoreError('failed', message, { cause: error });
}

export type StoreErrorCode =
  /** The database was written by a later version. Nothing was changed. */
  | 'schema-newer'
  /** A setting that durable commits require has another value. */
  | 'not-durable'
  /** The connection would be unencrypted, or its certificate unverified. */
  | 'in-clear'
  /** Too many commands are pending. */
  | 'too-many'
  | 'closed'
  /** The database into which a dump should be loaded isn't empty. */
  | 'not-empty'
  /** The disk or the database failed. `cause` has the original error. */
  | 'failed';

/** Thrown when a command failed. The store then contains none of its changes. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Wraps an error in a `StoreError`, unless it is one already. */
export function asStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new StoreError('failed', message, { cause: error });
}

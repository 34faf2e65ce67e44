export type StoreErrorCode =
  /** The database was written by a later version: nothing was changed. */
  | 'schema-newer'
  /** It would not keep what it acknowledges: its settings are not those that were asked for. */
  | 'not-durable'
  /** What is said to it would cross a network in clear, or go to nobody knows whom. */
  | 'in-clear'
  /** So many commands wait that no more are taken. */
  | 'too-many'
  | 'closed'
  /** Something is in it already, and nothing of it is overwritten. */
  | 'not-empty'
  /** The disk or the database failed; the cause says how. */
  | 'failed';

/** The disk or the database failed us. Nothing of the command that it is thrown for was kept. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Any error as one of ours; an own one stays as it is. */
export function asStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new StoreError('failed', message, { cause: error });
}

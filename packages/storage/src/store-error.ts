export type StoreErrorCode =
  /** Written by a later version; nothing was changed. */
  | 'schema-newer'
  /** The settings for durability aren't in effect. */
  | 'not-durable'
  /** The connection would be unencrypted or unverified. */
  | 'in-clear'
  /** The command queue is full. */
  | 'too-many'
  | 'closed'
  /** The target of a load isn't empty. */
  | 'not-empty'
  /** Disk or database failure; see the cause. */
  | 'failed';

/** Thrown when a command failed; none of its changes were stored. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Wraps any error; a StoreError stays. */
export function asStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new StoreError('failed', message, { cause: error });
}

import { codeOf } from '../start-error.ts';

/**
 * Thrown when the node stopped but could not close a file or a socket. `main` prints the message.
 */
export class CloseError extends Error {
  override readonly name = 'CloseError';

  /**
   * @param cause the error that a disposable stack threw, alone or as a chain of suppressed errors
   */
  constructor(cause: unknown) {
    const codes = [...new Set(errorsIn(cause).map((error) => codeOf(error) ?? 'unknown reason'))];
    super(
      `Farandole stopped, but some files in its data folder could not be written or closed (${codes.join(', ')}). ` +
        'Nothing that it acknowledged is lost. Check the disk before the next start.',
      { cause },
    );
  }
}

function errorsIn(cause: unknown): readonly unknown[] {
  return cause instanceof SuppressedError
    ? [...errorsIn(cause.suppressed), ...errorsIn(cause.error)]
    : [cause];
}

import { codeOf } from '../start-error.ts';

/** The node has stopped, but a file or a socket failed while it was closed. `main` prints the message. */
export class CloseError extends Error {
  override readonly name = 'CloseError';

  /** @param cause what a disposable stack threw: one error, or several, each with the ones before it */
  constructor(cause: unknown) {
    const codes = [...new Set(errorsIn(cause).map((error) => codeOf(error) ?? 'unknown reason'))];
    super(
      `Farandole has stopped, but not everything in its data folder could be written or closed (${codes.join(', ')}). ` +
        'Nothing that it acknowledged is lost. Check the disk before you start it again.',
      { cause },
    );
  }
}

function errorsIn(cause: unknown): readonly unknown[] {
  return cause instanceof SuppressedError
    ? [...errorsIn(cause.suppressed), ...errorsIn(cause.error)]
    : [cause];
}

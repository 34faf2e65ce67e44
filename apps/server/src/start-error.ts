/**
 * Why a node cannot start, for whoever runs it: the message says what is wrong and what would be
 * right, and needs no stack beside it. `main` prints it and exits with 1.
 */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** The system's code of an error, such as `ENOENT`; null where it has none. */
export function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : null;
}

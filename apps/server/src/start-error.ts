/**
 * Thrown when a node can't start. The message names the problem and the fix. `main` prints the
 * message without a stack and exits with 1.
 */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** Returns the system's code of an error, such as `ENOENT`; null if the error has none. */
export function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : null;
}

/**
 * Why a node can't start. The message names the problem and the fix, without a stack. `main` prints
 * it and exits with 1.
 */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** The system's code of an error, such as `ENOENT`; null if there is none. */
export function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : null;
}

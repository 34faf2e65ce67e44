/**
 * Thrown when the program contradicts itself. This is always a bug in the program and never
 * caused by a peer.
 */
export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

/** @throws AssertionError with this message when the condition is false */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}

/** @throws AssertionError when the value is null or undefined. */
export function assertDefined<T>(value: T | null | undefined, message: string): T {
  if (value === null || value === undefined) throw new AssertionError(message);
  return value;
}

/** Makes a missing case of an exhaustive switch a compile error. */
export function assertNever(value: never, message = 'unhandled case'): never {
  throw new AssertionError(`${message}: ${JSON.stringify(value)}`);
}

/** Thrown when the program contradicts itself: a bug of ours, never a fault of a peer. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

/**
 * States what must hold if the code is right.
 *
 * @throws AssertionError with `message` when `condition` is false.
 */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}

/**
 * The value, which the caller knows to be there.
 *
 * @throws AssertionError when it is null or undefined.
 */
export function assertDefined<T>(value: T | null | undefined, message: string): T {
  if (value === null || value === undefined) throw new AssertionError(message);
  return value;
}

/** Closes an exhaustive switch: the compiler refuses a call while a case is left. */
export function assertNever(value: never, message = 'a case was not handled'): never {
  throw new AssertionError(`${message}: ${JSON.stringify(value)}`);
}

import { codeOf } from '../start-error.ts';

/** The node has stopped, but a file or a socket failed while it was closed. `main` prints the message. */
export class CloseError extends Error {
  override readonly name = 'CloseError';
}

/**
 * Runs the steps one after the other, the last one first. A step that fails doesn't keep the others from running.
 *
 * @throws CloseError when a step failed; its cause has all errors
 */
export async function closeAll(steps: readonly (() => Promise<void>)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const step of steps.toReversed()) await step().catch((error) => errors.push(error));
  if (errors.length === 0) return;
  const codes = [...new Set(errors.map((error) => codeOf(error) ?? 'unknown reason'))];
  throw new CloseError(
    `Farandole has stopped, but not everything in its data folder could be written or closed (${codes.join(', ')}). ` +
      'Nothing that it acknowledged is lost. Check the disk before you start it again.',
    { cause: new AggregateError(errors) },
  );
}

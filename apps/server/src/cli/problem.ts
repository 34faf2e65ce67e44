import { StoreError } from '@farandole/storage/store-error';
import { codeOf, StartError } from '../start-error.ts';
import { CliError } from './arguments.ts';

/** Causes that an operator can fix, by the system's error code. */
const CAUSES: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full. Make room, then run the command again',
  EDQUOT: 'the disk quota is used up. Make room, then run the command again',
  EROFS: 'the file system is read-only',
  EACCES: 'the user of this process lacks the permission',
  EPERM: 'the user of this process lacks the permission',
  EIO: 'the disk reports an error. It may be failing',
  ENOENT: 'it doesn’t exist',
};

/** Creates the error of a file that can't be used. Names the cause and the system's code. */
export function fileError(
  path: string,
  verb: 'made' | 'read' | 'written',
  error: unknown,
): CliError {
  const code = codeOf(error) ?? 'unknown reason';
  const cause = CAUSES[code];
  const why = cause === undefined ? '' : `: ${cause}`;
  return new CliError(`${path} cannot be ${verb} (${code})${why}.`);
}

/** Returns a message for the operator. Null for an error that only a developer can fix. */
export function problemOf(error: unknown): string | null {
  const isTold =
    error instanceof CliError || error instanceof StartError || error instanceof StoreError;
  if (isTold) return error.message;
  const code = codeOf(error);
  const cause = code === null ? undefined : CAUSES[code];
  if (!(error instanceof Error) || cause === undefined) return null;
  const path = 'path' in error && typeof error.path === 'string' ? error.path : 'A file';
  return `${path} cannot be used (${code}): ${cause}.`;
}

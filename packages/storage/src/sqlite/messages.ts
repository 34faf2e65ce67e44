import type { CommandName } from '@farandole/moderation/service/commands';
import { causeCodeOf, StoreError, type StoreErrorCode } from '../store-error.ts';
import type { TextKey } from '../text-encryption.ts';

export interface WorkerStart {
  readonly path: string;
  readonly key: Uint8Array;
  readonly textKeys: readonly TextKey[];
}

export interface WorkerRequest {
  readonly id: number;
  readonly name: CommandName;
  readonly input: unknown;
}

export type ToWorker =
  /**
   * Sends all commands of one event-loop turn to the worker in one message, so that they share a
   * transaction.
   */
  { readonly to: 'run'; readonly commands: readonly WorkerRequest[] } | { readonly to: 'close' };

export interface SentError {
  readonly code: StoreErrorCode;
  readonly message: string;
  /** The original error. Null if the store itself made the error. */
  readonly cause: { readonly message: string; readonly code: string | null } | null;
}

export type WorkerReply =
  | { readonly id: number; readonly outcome: unknown }
  | { readonly id: number; readonly error: SentError };

export type FromWorker =
  | { readonly from: 'ready' }
  | { readonly from: 'unusable'; readonly error: SentError }
  | { readonly from: 'answers'; readonly answers: readonly WorkerReply[] }
  | { readonly from: 'closed' };

/** Begins after the store has opened the file, because opening creates a missing file. */
export type ToKeeper = 'begin' | 'end';

/** `copied`: a large log is copied, except for pages that commits added during the copy. */
export type FromKeeper = 'loaded' | 'copied';

/** Copies an error field by field, because a message between threads drops an error's code. */
export function toSentError({ code, message, cause }: StoreError): SentError {
  const sent = cause instanceof Error ? { message: cause.message, code: causeCodeOf(cause) } : null;
  return { code, message, cause: sent };
}

export function fromSentError({ code, message, cause }: SentError): StoreError {
  if (cause === null) return new StoreError(code, message);
  const original = new Error(cause.message);
  return new StoreError(code, message, {
    cause: cause.code === null ? original : Object.assign(original, { code: cause.code }),
  });
}

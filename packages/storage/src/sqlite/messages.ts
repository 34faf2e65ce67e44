import type { CommandName } from '@farandole/moderation/service/commands';
import type { StoreErrorCode } from '../store-error.ts';
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
}

export type WorkerReply =
  | { readonly id: number; readonly outcome: unknown }
  | { readonly id: number; readonly error: SentError };

export type FromWorker =
  | { readonly from: 'ready' }
  | { readonly from: 'unusable'; readonly error: SentError }
  | { readonly from: 'answers'; readonly answers: readonly WorkerReply[] }
  | { readonly from: 'closed' };

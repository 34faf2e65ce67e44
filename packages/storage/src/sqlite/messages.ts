import type { CommandName } from '@farandole/moderation/service/commands';
import type { StoreErrorCode } from '../store-error.ts';
import type { WordsKey } from '../words-seal.ts';

export interface WorkerStart {
  readonly path: string;
  readonly key: Uint8Array;
  readonly wordsKeys: readonly WordsKey[];
}

export interface Asked {
  readonly id: number;
  readonly name: CommandName;
  readonly input: unknown;
}

export type ToWorker =
  /** All commands of a turn, and so of one transaction. */
  { readonly to: 'run'; readonly commands: readonly Asked[] } | { readonly to: 'close' };

export interface ToldError {
  readonly code: StoreErrorCode;
  readonly message: string;
}

export type Answer =
  | { readonly id: number; readonly outcome: unknown }
  | { readonly id: number; readonly error: ToldError };

export type FromWorker =
  | { readonly from: 'ready' }
  | { readonly from: 'unusable'; readonly error: ToldError }
  | { readonly from: 'answers'; readonly answers: readonly Answer[] }
  | { readonly from: 'closed' };

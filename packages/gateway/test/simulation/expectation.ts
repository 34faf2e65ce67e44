import type { CloseReason } from '@farandole/protocol/close-codes';
import type { Invariant } from './violation.ts';

/**
 * What the node must do at once with a dishonest frame: close the socket, send nothing, or
 * refuse the message. If the client is over its rate limit, the node may close it as `too-fast`
 * instead.
 */
export interface Expectation {
  readonly kind: 'close' | 'silence' | 'refusal';
  readonly breaks: Invariant;
  readonly reasons?: readonly CloseReason[];
}

export function closes(breaks: Invariant, ...reasons: readonly CloseReason[]): Expectation {
  return { kind: 'close', breaks, reasons };
}

export const OUT_OF_ORDER = closes('GW-2', 'out-of-order');
/** The node must refuse a request to remove another user's block. */
export const NO_PROOF: Expectation = { kind: 'refusal', breaks: 'I8' };
/** A duplicate of a frame must have no effect. */
export const TAKEN_BEFORE: Expectation = { kind: 'silence', breaks: 'I6' };
/** A frame that names an ended call, or another user's call, must have no effect. */
export const NOT_THEIRS: Expectation = { kind: 'silence', breaks: 'I7' };

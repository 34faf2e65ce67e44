import type { CloseReason } from '@farandole/protocol/close-codes';
import type { Invariant } from './violation.ts';

/**
 * Required outcome, in the same turn, of a frame that no honest page sends: the socket is closed,
 * nothing is sent, or the frame is refused. A client over its limit may be closed as `too-fast`
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
/** Removes a block of another person. */
export const NO_PROOF: Expectation = { kind: 'refusal', breaks: 'I8' };
/** A copy of a frame. */
export const TAKEN_BEFORE: Expectation = { kind: 'silence', breaks: 'I6' };
/** Names an ended call or another user's call. */
export const NOT_THEIRS: Expectation = { kind: 'silence', breaks: 'I7' };

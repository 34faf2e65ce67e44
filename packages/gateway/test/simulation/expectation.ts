import type { CloseReason } from '@farandole/protocol/close-codes';
import type { Invariant } from './violation.ts';

/**
 * The outcome that a dishonest frame must have at once. The node closes the socket, sends nothing,
 * or refuses the frame. A client over its rate limit may be closed as `too-fast` instead.
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
/** A request to remove another user's block must be refused. */
export const NO_PROOF: Expectation = { kind: 'refusal', breaks: 'I8' };
/** A copy of a frame must have no effect. */
export const TAKEN_BEFORE: Expectation = { kind: 'silence', breaks: 'I6' };
/** A frame that names an ended call or another user's call must have no effect. */
export const NOT_THEIRS: Expectation = { kind: 'silence', breaks: 'I7' };

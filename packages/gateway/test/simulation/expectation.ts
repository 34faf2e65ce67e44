import type { CloseReason } from '@farandole/protocol/close-codes';
import type { Invariant } from './oracle/violation.ts';

/**
 * What must come, in the same turn, of a frame that no honest page sends: its socket is closed,
 * nothing is said, or it is refused. Who is over the limit may be closed as `too-fast` instead.
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
/** What takes back a block of another person. */
export const NO_PROOF: Expectation = { kind: 'refusal', breaks: 'I8' };
/** A copy of a frame that was taken. */
export const TAKEN_BEFORE: Expectation = { kind: 'silence', breaks: 'I6' };
/** Of a call that is over, or of another's. */
export const NOT_THEIRS: Expectation = { kind: 'silence', breaks: 'I7' };

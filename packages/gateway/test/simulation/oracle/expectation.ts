import type { CloseReason } from '@farandole/protocol/close-codes';
import type { Invariant } from './violation.ts';

/**
 * What must come of a frame that no honest page says, in the turn in which it arrives. Whoever is
 * over the limit may be closed as `too-fast` in place of anything else.
 */
export type Expectation =
  /** Its own socket is closed, for one of the reasons. */
  | {
      readonly kind: 'close';
      readonly breaks: Invariant;
      readonly reasons: readonly CloseReason[];
    }
  /** Nothing is said to anybody, but that the frame was taken. */
  | { readonly kind: 'silence'; readonly breaks: Invariant }
  /** It is refused in words. */
  | { readonly kind: 'refusal'; readonly breaks: Invariant };

export function closes(breaks: Invariant, ...reasons: readonly CloseReason[]): Expectation {
  return { kind: 'close', breaks, reasons };
}

/** A fault of the protocol. */
export const OUT_OF_ORDER = closes('GW-2', 'out-of-order');
export const TOO_FAST = closes('GW-60', 'too-fast');
/** What takes back a block of somebody else. */
export const NO_PROOF: Expectation = { kind: 'refusal', breaks: 'I8' };
/** A copy of a frame that was taken. */
export const TAKEN_BEFORE: Expectation = { kind: 'silence', breaks: 'I6' };
/** Of a call that is over, or another's. */
export const NOT_THEIRS: Expectation = { kind: 'silence', breaks: 'I7' };

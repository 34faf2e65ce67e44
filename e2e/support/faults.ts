import type { Pace } from './delay-line.ts';

/** `up` goes from the client to the target, `down` comes back. */
export type Direction = 'up' | 'down';

/**
 * How a way ends:
 * - `reset`: the other ends learn at once and roughly, by RST;
 * - `finish`: they learn at once and politely, by FIN;
 * - `vanish`: they learn nothing. Both believe that they are connected, and whatever they send,
 *   bytes, FIN or RST, disappears: a half-open connection.
 * - `stall`: they learn nothing, and nothing is lost: what they send waits until `release`, and
 *   then arrives late, when nobody counts on it any more.
 */
export type CutKind = 'reset' | 'finish' | 'vanish' | 'stall';

/** A cut at an exact place: so many bytes go through, and not one more in either direction. */
export interface Cut {
  readonly direction: Direction;
  readonly afterBytes: number;
  readonly kind: CutKind;
}

/** What one connection meets; the pace is that of each direction. */
export interface TcpConditions extends Pace {
  readonly cut?: Cut;
  /** A slow close: the FIN of either end stays here until `releaseFin`. */
  readonly holdsFin?: boolean;
}

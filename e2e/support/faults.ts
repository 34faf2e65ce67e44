import type { Pace } from './delay-line.ts';

/** `up`: client to target; `down`: back. */
export type Direction = 'up' | 'down';

/**
 * How a connection fails. `reset`: both ends get RST. `finish`: both get FIN. `vanish`: half-open;
 * both believe they are connected, and everything sent is lost. `stall`: everything sent waits
 * until `release` and then arrives late.
 */
export type CutKind = 'reset' | 'finish' | 'vanish' | 'stall';

/** Cuts after exactly this many bytes in one direction. */
export interface Cut {
  readonly direction: Direction;
  readonly afterBytes: number;
  readonly kind: CutKind;
}

/** The pace applies to each direction. */
export interface TcpConditions extends Pace {
  readonly cut?: Cut;
  /** Holds back FINs until `releaseFin`. */
  readonly holdsFin?: boolean;
}

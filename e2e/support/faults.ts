import type { Pace } from './delay-line.ts';

/** Direction of bytes: `up` is from client to target, and `down` from target to client. */
export type Direction = 'up' | 'down';

/**
 * How a connection fails. `reset`: both ends get an RST. `finish`: both ends get a FIN. `vanish`:
 * the connection is half-open; both ends believe they are connected, and everything sent is lost.
 * `stall`: everything sent waits until `release` and arrives then.
 */
export type CutKind = 'reset' | 'finish' | 'vanish' | 'stall';

/** Cuts a connection after exactly `afterBytes` in one direction. */
export interface Cut {
  readonly direction: Direction;
  readonly afterBytes: number;
  readonly kind: CutKind;
}

/** Conditions of a connection. Latency and bandwidth apply to each direction separately. */
export interface TcpConditions extends Pace {
  readonly cut?: Cut;
  /** Whether FINs are held back until `releaseFin` is called. */
  readonly holdsFin?: boolean;
}

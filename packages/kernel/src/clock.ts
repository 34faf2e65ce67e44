/**
 * The two times there are.
 *
 * Deadlines and durations use the monotonic one, which a change of the machine's date does not
 * move; what must mean something to another machine, or after a restart, uses the wall.
 */
export interface Clock {
  /** Milliseconds since an arbitrary moment; never goes back. */
  monotonicMs(): number;
  /** Milliseconds since 1970-01-01T00:00:00Z, as the machine believes; may jump either way. */
  wallMs(): number;
}

/** Both times at one moment, handed to code that may not look at a clock itself. */
export interface Instant {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

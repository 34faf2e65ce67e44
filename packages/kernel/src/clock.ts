/**
 * Use monotonic time for deadlines and durations: date changes don't move it.
 * Use wall time for values that another machine or a later process reads.
 */
export interface Clock {
  /** Milliseconds since an arbitrary moment; never decreases. */
  monotonicMs(): number;
  /** Milliseconds since 1970-01-01T00:00:00Z by the machine's date; can jump either way. */
  wallMs(): number;
}

/** Both times at one moment, for code that must not read a clock. */
export interface Instant {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

/**
 * Time sources. Monotonic time is for deadlines and durations, because changes of the date don't
 * affect it. Wall time is for values that another machine or a later process reads.
 */
export interface Clock {
  /** Milliseconds since an arbitrary moment; never decreases. */
  monotonicMs(): number;
  /** Milliseconds since 1970-01-01T00:00:00Z by the machine's date. It can jump forward or back. */
  wallMs(): number;
}

/** Monotonic and wall time of one moment, for code that must not read a clock. */
export interface Instant {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

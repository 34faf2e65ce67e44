/** A line, and when its answer came; null: it is still waited for. */
export interface Trip {
  readonly saidAtMs: number;
  endedAtMs: number | null;
}

/**
 * The round trips of a pair. Each begins when its line is said, whatever has come of those before:
 * where a server stands still, all that were said meanwhile are long, and not the first of them
 * alone.
 */
export class TripLedger {
  #trips: Trip[] = [];
  /** Of this round and of those before, the oldest first. */
  readonly #open: Trip[] = [];

  said(nowMs: number): void {
    const trip: Trip = { saidAtMs: nowMs, endedAtMs: null };
    this.#trips.push(trip);
    this.#open.push(trip);
  }

  /** Answers come in the order of the lines. */
  answered(nowMs: number): void {
    const trip = this.#open.shift();
    if (trip !== undefined) trip.endedAtMs = nowMs;
  }

  /** Ends a round, and gives its trips; those that are under way still end by themselves. */
  turn(): readonly Trip[] {
    const trips = this.#trips;
    this.#trips = [];
    return trips;
  }
}

/** How long each took, in ms; one that has not ended took as long as it has been waited for. */
export function lengthsOf(trips: readonly Trip[], nowMs: number): readonly number[] {
  return trips.map(({ saidAtMs, endedAtMs }) => (endedAtMs ?? nowMs) - saidAtMs);
}

export interface Trip {
  readonly saidAtMs: number;
  endedAtMs: number | null;
}

/**
 * Round trips of a pair. Each starts when its line is sent, even if earlier ones are unanswered, so
 * a stall lengthens every line sent during it.
 */
export class TripLedger {
  #trips: Trip[] = [];
  /** Pending trips of this and earlier rounds, oldest first. */
  readonly #open: Trip[] = [];

  said(nowMs: number): void {
    const trip: Trip = { saidAtMs: nowMs, endedAtMs: null };
    this.#trips.push(trip);
    this.#open.push(trip);
  }

  answered(nowMs: number): void {
    const trip = this.#open.shift();
    if (trip !== undefined) trip.endedAtMs = nowMs;
  }

  /** Ends a round and returns its trips. Trips that are still pending may end later. */
  turn(): readonly Trip[] {
    const trips = this.#trips;
    this.#trips = [];
    return trips;
  }
}

/** Trip lengths in ms; a pending trip counts up to now. */
export function lengthsOf(trips: readonly Trip[], nowMs: number): readonly number[] {
  return trips.map(({ saidAtMs, endedAtMs }) => (endedAtMs ?? nowMs) - saidAtMs);
}

export interface Trip {
  readonly saidAtMs: number;
  endedAtMs: number | null;
}

/**
 * Round trips of two users in a call. Each trip starts when its line is sent, even if earlier
 * lines are unanswered, so a stall lengthens the trips of all lines sent during it.
 */
export class TripLedger {
  #trips: Trip[] = [];
  /** Unanswered messages of this measuring round and earlier ones, oldest first. */
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

  /**
   * Ends the measured round and returns its trips. Trips that are still unanswered may be
   * answered later.
   */
  turn(): readonly Trip[] {
    const trips = this.#trips;
    this.#trips = [];
    return trips;
  }
}

/**
 * Returns the lengths of the trips in ms. An unanswered trip counts as long as it has lasted so
 * far.
 */
export function lengthsOf(trips: readonly Trip[], nowMs: number): readonly number[] {
  return trips.map(({ saidAtMs, endedAtMs }) => (endedAtMs ?? nowMs) - saidAtMs);
}

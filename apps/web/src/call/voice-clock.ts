/** Loudness from which a sound counts as speech: -38 dB on the scale of `loudnessOf`. */
export const SPEECH_FROM = 0.46;
/** A pause of at most this many ms between two words counts as speech. */
export const PAUSE_MAX_MS = 400;
/** A longer gap between two measurements, as in a hidden tab, isn't counted at all. */
export const GAP_MAX_MS = 1_000;

/**
 * Measures how much of the time the user speaks, by an energy gate on the own microphone. The sound
 * itself never leaves the page.
 */
export class VoiceClock {
  #lastMs: number | null = null;
  #loudMs = Number.NEGATIVE_INFINITY;
  #spokenMs = 0;
  #wholeMs = 0;

  reset(): void {
    this.#lastMs = null;
    this.#loudMs = Number.NEGATIVE_INFINITY;
    this.#spokenMs = 0;
    this.#wholeMs = 0;
  }

  /** @param loudness 0 to 1, from `loudnessOf` @param nowMs a monotonic clock */
  take(loudness: number, nowMs: number): void {
    const sinceMs = this.#lastMs === null ? 0 : nowMs - this.#lastMs;
    this.#lastMs = nowMs;
    if (loudness >= SPEECH_FROM) this.#loudMs = nowMs;
    if (sinceMs <= 0 || sinceMs > GAP_MAX_MS) return;
    this.#wholeMs += sinceMs;
    if (nowMs - this.#loudMs <= PAUSE_MAX_MS) this.#spokenMs += sinceMs;
  }

  /** Share of the measured time in which the user spoke, in whole percent. */
  get percent(): number {
    return this.#wholeMs === 0 ? 0 : Math.round((100 * this.#spokenMs) / this.#wholeMs);
  }
}

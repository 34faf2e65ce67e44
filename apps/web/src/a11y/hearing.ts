import { signal } from '@preact/signals';

/**
 * `silent` means that no sound was heard within `PATIENCE_MS`. `quiet` means that a voice was heard
 * but was too soft.
 */
export type Heard = 'listening' | 'heard' | 'quiet' | 'silent';

export const heard = signal<Heard>('listening');

/** Loudness of a voice at arm's length from the microphone: -36 dB on the scale of `loudnessOf`. */
export const HEARD_FROM = 0.5;
/** Sound below this loudness is room noise: -49 dB on the scale of `loudnessOf`. */
export const QUIET_FROM = 0.23;
/**
 * If the microphone test hears no voice that is loud enough within this time, it reports that the
 * microphone is quiet or silent.
 */
export const PATIENCE_MS = 5_000;

/**
 * Converts the measured loudness to the result of the microphone test. Once a voice was heard,
 * silence doesn't change the result.
 */
export class Hearing {
  #sinceMs: number | null = null;
  #loudest = 0;

  /** @param loudness 0 to 1, from `loudnessOf` @param nowMs a monotonic clock */
  take(loudness: number, nowMs: number): Heard {
    this.#sinceMs ??= nowMs;
    this.#loudest = Math.max(this.#loudest, loudness);
    if (this.#loudest >= HEARD_FROM) return 'heard';
    if (nowMs - this.#sinceMs < PATIENCE_MS) return 'listening';
    return this.#loudest >= QUIET_FROM ? 'quiet' : 'silent';
  }
}

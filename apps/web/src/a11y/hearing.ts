import { signal } from '@preact/signals';

/**
 * `silent`: no sound was heard within `PATIENCE_MS`. `quiet`: a voice was heard, but it was too
 * soft.
 */
export type Heard = 'listening' | 'heard' | 'quiet' | 'silent';

export const heard = signal<Heard>('listening');

/** Loudness of a voice at arm's length: -36 dB on the scale of `loudnessOf`. */
export const HEARD_FROM = 0.5;
/** A lower loudness is room noise: -49 dB. */
export const QUIET_FROM = 0.23;
/** Time after which a user who tests the microphone has spoken. */
export const PATIENCE_MS = 5_000;

/**
 * Turns the microphone's loudness into a result. After a voice was heard, silence changes nothing.
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

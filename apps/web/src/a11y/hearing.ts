import { signal } from '@preact/signals';

/** `silent`: no sound within `PATIENCE_MS`. `quiet`: a voice, but too soft. */
export type Heard = 'listening' | 'heard' | 'quiet' | 'silent';

export const heard = signal<Heard>('listening');

/** A voice at arm's length: -36 dB on the scale of `loudnessOf`. */
export const HEARD_FROM = 0.5;
/** Below this it is room noise: -49 dB. */
export const QUIET_FROM = 0.23;
/** A user who tests the microphone has spoken by then. */
export const PATIENCE_MS = 5_000;

/** Turns a level meter into text. Silence after a voice doesn't undo a working microphone. */
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

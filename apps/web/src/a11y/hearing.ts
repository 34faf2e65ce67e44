import { signal } from '@preact/signals';

/**
 * What a person is told of their microphone: `listening` for a voice, `heard` one, heard one that
 * is `quiet`, or `silent` although one should have come by now.
 */
export type Heard = 'listening' | 'heard' | 'quiet' | 'silent';

/** Of one's own microphone, where a screen tries it: of this moment alone, so the model knows nothing of it. */
export const heard = signal<Heard>('listening');

/** A voice at arm's length: -36 dB, on the scale of `loudnessOf`. */
export const HEARD_FROM = 0.5;
/** Below this it is the room and not a voice: -49 dB. */
export const QUIET_FROM = 0.23;
/** Whoever tries their microphone has said something by then. */
export const PATIENCE_MS = 5_000;

/**
 * Puts a meter into words, for those who cannot see it. What was heard once stays heard: who falls
 * silent after that has a microphone that works.
 */
export class Hearing {
  #sinceMs: number | null = null;
  #loudest = 0;

  /**
   * @param loudness from 0 to 1, as `loudnessOf` says it
   * @param nowMs any clock that only goes forward
   */
  take(loudness: number, nowMs: number): Heard {
    this.#sinceMs ??= nowMs;
    this.#loudest = Math.max(this.#loudest, loudness);
    if (this.#loudest >= HEARD_FROM) return 'heard';
    if (nowMs - this.#sinceMs < PATIENCE_MS) return 'listening';
    return this.#loudest >= QUIET_FROM ? 'quiet' : 'silent';
  }
}

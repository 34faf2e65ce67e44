import { signal } from '@preact/signals';
import { HEARD_FROM } from '../a11y/hearing.ts';

/** Minimum length of speech in ms. A cough or a key press is shorter. */
export const VOICE_MS = 500;
/**
 * The measured amount of speech falls this many times slower than it rises, because speech has
 * pauses.
 */
const FADES_SLOWER = 3;
/**
 * Maximum time in ms that one loudness measurement counts, because the microphone isn't measured
 * while the page is frozen.
 */
const STEP_MS_MAX = 100;
/** Time in ms for which the notice "you are muted" stays after the last speech. */
export const SHOWN_FOR_MS = 5_000;

/** The signal isn't part of a model, because it holds only state of the user interface. */
export const speaksMuted = signal(false);

/** Detects that a user speaks while their microphone is muted. */
export class MutedVoice {
  #atMs: number | null = null;
  #heardMs = 0;
  #spokenAtMs = Number.NEGATIVE_INFINITY;

  /**
   * @param loudness from `loudnessOf`
   * @param nowMs a monotonic time
   * @returns whether to show the notice that the user is muted
   */
  take(loudness: number, nowMs: number): boolean {
    const stepMs = Math.min(nowMs - (this.#atMs ?? nowMs), STEP_MS_MAX);
    this.#atMs = nowMs;
    const changeMs = loudness >= HEARD_FROM ? stepMs : -stepMs / FADES_SLOWER;
    this.#heardMs = Math.min(VOICE_MS, Math.max(0, this.#heardMs + changeMs));
    if (this.#heardMs === VOICE_MS) this.#spokenAtMs = nowMs;
    return nowMs - this.#spokenAtMs < SHOWN_FOR_MS;
  }
}

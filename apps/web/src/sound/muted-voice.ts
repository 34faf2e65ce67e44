import { signal } from '@preact/signals';
import { HEARD_FROM } from '../a11y/hearing.ts';

/** So much of a voice is no cough and no key that was struck. */
export const VOICE_MS = 500;
/** Speech pauses: what was heard fades so many times slower than it came. */
const FADES_SLOWER = 3;
/** Between two measurements; a page that was frozen meanwhile has heard nothing. */
const STEP_MS_MAX = 100;
/** For how long after the last of it a person is told. */
export const TOLD_FOR_MS = 5_000;

/** Whether it is so now: of this moment alone, so the model knows nothing of it. */
export const speaksMuted = signal(false);

/** Hears that somebody speaks into a microphone that they have muted. */
export class MutedVoice {
  #atMs: number | null = null;
  #heardMs = 0;
  #spokenAtMs = Number.NEGATIVE_INFINITY;

  /**
   * @param loudness from 0 to 1, as `loudnessOf` says it
   * @param nowMs any clock that only goes forward
   * @returns whether they are to be told that nobody hears them
   */
  take(loudness: number, nowMs: number): boolean {
    const stepMs = Math.min(nowMs - (this.#atMs ?? nowMs), STEP_MS_MAX);
    this.#atMs = nowMs;
    const changeMs = loudness >= HEARD_FROM ? stepMs : -stepMs / FADES_SLOWER;
    this.#heardMs = Math.min(VOICE_MS, Math.max(0, this.#heardMs + changeMs));
    if (this.#heardMs === VOICE_MS) this.#spokenAtMs = nowMs;
    return nowMs - this.#spokenAtMs < TOLD_FOR_MS;
  }
}

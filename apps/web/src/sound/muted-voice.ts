import { signal } from '@preact/signals';
import { HEARD_FROM } from '../a11y/hearing.ts';

/** Minimum length of speech. A cough or a key press is shorter. */
export const VOICE_MS = 500;
/** The measured speech falls this many times slower than it rises, because speech has pauses. */
const FADES_SLOWER = 3;
/** Longest time that one measurement counts, because a frozen page heard nothing. */
const STEP_MS_MAX = 100;
/** How long the notice stays after the last speech. */
export const SHOWN_FOR_MS = 5_000;

/** The signal isn't in a model, because it is only state of the user interface. */
export const speaksMuted = signal(false);

/** Detects that the user speaks while the microphone is muted. */
export class MutedVoice {
  #atMs: number | null = null;
  #heardMs = 0;
  #spokenAtMs = Number.NEGATIVE_INFINITY;

  /**
   * @param loudness from `loudnessOf`
   * @param nowMs a monotonic time
   * @returns whether to show the notice
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

import { signal } from '@preact/signals';
import { HEARD_FROM } from '../a11y/hearing.ts';

/** Longer than a cough or a key press. */
export const VOICE_MS = 500;
/** Speech has pauses, so the level decays this many times slower than it rises. */
const FADES_SLOWER = 3;
/** Longest counted step; a frozen page heard nothing. */
const STEP_MS_MAX = 100;
/** How long the notice stays after the last speech. */
export const SHOWN_FOR_MS = 5_000;

/** UI state only, so the model doesn't hold it. */
export const speaksMuted = signal(false);

/** Detects speech into a muted microphone. */
export class MutedVoice {
  #atMs: number | null = null;
  #heardMs = 0;
  #spokenAtMs = Number.NEGATIVE_INFINITY;

  /** @param loudness from `loudnessOf` @param nowMs monotonic @returns whether to warn the user */
  take(loudness: number, nowMs: number): boolean {
    const stepMs = Math.min(nowMs - (this.#atMs ?? nowMs), STEP_MS_MAX);
    this.#atMs = nowMs;
    const changeMs = loudness >= HEARD_FROM ? stepMs : -stepMs / FADES_SLOWER;
    this.#heardMs = Math.min(VOICE_MS, Math.max(0, this.#heardMs + changeMs));
    if (this.#heardMs === VOICE_MS) this.#spokenAtMs = nowMs;
    return nowMs - this.#spokenAtMs < SHOWN_FOR_MS;
  }
}

import {
  LOWER_EVERY_MS,
  RAISE_AFTER_MAX_MS,
  RAISE_AFTER_MS,
  RAISE_TRIED_FOR_MS,
} from './limits.ts';
import type { QualityLevel } from './quality.ts';

export interface VideoLimits {
  readonly bitrateMax: number;
  readonly scaleDownBy: number;
  readonly framesPerSecondMax: number;
}

/**
 * From no limit to a picture that still shows a face. The browser's congestion control finds the
 * bitrate; a lower target keeps the picture smooth and leaves room for the sound.
 */
export const VIDEO_STEPS: readonly (VideoLimits | null)[] = [
  null,
  { bitrateMax: 600_000, scaleDownBy: 1.5, framesPerSecondMax: 24 },
  { bitrateMax: 250_000, scaleDownBy: 2, framesPerSecondMax: 20 },
  { bitrateMax: 100_000, scaleDownBy: 4, framesPerSecondMax: 12 },
];

/** Step for users who save data: about 2 MB a minute. */
export const SAVING_STEP = 2;

export interface Ladder {
  readonly step: number;
  /** Minus infinity before the first step. */
  readonly movedAtMs: number;
  readonly calmSinceMs: number | null;
  /** Calm time needed for the next raise. */
  readonly raiseAfterMs: number;
  readonly raised: boolean;
}

export const LADDER_TOP: Ladder = {
  step: 0,
  movedAtMs: Number.NEGATIVE_INFINITY,
  calmSinceMs: null,
  raiseAfterMs: RAISE_AFTER_MS,
  raised: false,
};

/** Lowers while poor, and raises after a calm that doubles with each failed raise. */
export function climb(before: Ladder, level: QualityLevel, nowMs: number): Ladder {
  if (level === 'poor') return lower(before, nowMs);
  // A connection may stay fair for good: raise it too, later.
  const neededMs = level === 'fair' ? 2 * before.raiseAfterMs : before.raiseAfterMs;
  const calmSinceMs = before.calmSinceMs ?? nowMs;
  const calm = { ...before, calmSinceMs };
  if (before.step === 0 || nowMs - calmSinceMs < neededMs) return calm;
  return { ...calm, step: before.step - 1, movedAtMs: nowMs, calmSinceMs: nowMs, raised: true };
}

function lower(before: Ladder, nowMs: number): Ladder {
  const troubled = { ...before, calmSinceMs: null };
  const isLowest = before.step === VIDEO_STEPS.length - 1;
  if (isLowest || nowMs - before.movedAtMs < LOWER_EVERY_MS) return troubled;
  const tooEarly = before.raised && nowMs - before.movedAtMs < RAISE_TRIED_FOR_MS;
  return {
    ...troubled,
    step: before.step + 1,
    movedAtMs: nowMs,
    raiseAfterMs: tooEarly
      ? Math.min(RAISE_AFTER_MAX_MS, 2 * before.raiseAfterMs)
      : before.raiseAfterMs,
    raised: false,
  };
}

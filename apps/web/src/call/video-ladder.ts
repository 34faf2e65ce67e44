import {
  LOWER_EVERY_MS,
  RAISE_AFTER_MAX_MS,
  RAISE_AFTER_MS,
  RAISE_TRIED_FOR_MS,
} from './limits.ts';
import type { QualityLevel } from './quality.ts';

/** What is sent of a picture at most; null leaves it to the browser. */
export interface VideoLimits {
  readonly bitrateMax: number;
  /** Both sides of the picture are divided by this. */
  readonly scaleDownBy: number;
  readonly framesPerSecondMax: number;
}

/**
 * From all that the browser would send down to a picture that still shows a face. The browser's
 * own congestion control finds a bitrate by itself; the steps give it less to want, so that it
 * keeps the picture whole and moving, and leaves the sound its room.
 */
export const VIDEO_STEPS: readonly (VideoLimits | null)[] = [
  null,
  { bitrateMax: 600_000, scaleDownBy: 1.5, framesPerSecondMax: 24 },
  { bitrateMax: 250_000, scaleDownBy: 2, framesPerSecondMax: 20 },
  { bitrateMax: 100_000, scaleDownBy: 4, framesPerSecondMax: 12 },
];

/** Of `VIDEO_STEPS`: for whoever pays for each megabyte. A minute of it is two, and no more. */
export const SAVING_STEP = 2;

export interface Ladder {
  /** Of `VIDEO_STEPS`. */
  readonly step: number;
  /** When the step was taken; minus infinity before the first. */
  readonly movedAtMs: number;
  /** Since when there is no trouble; null while there is. */
  readonly calmSinceMs: number | null;
  /** How long it must be calm for the next step up. */
  readonly raiseAfterMs: number;
  /** The last step was one up. */
  readonly raised: boolean;
}

export const LADDER_TOP: Ladder = {
  step: 0,
  movedAtMs: Number.NEGATIVE_INFINITY,
  calmSinceMs: null,
  raiseAfterMs: RAISE_AFTER_MS,
  raised: false,
};

/** Down while it is poor, and up again after a calm that grows with each try that failed. */
export function climb(before: Ladder, level: QualityLevel, nowMs: number): Ladder {
  if (level === 'poor') return lower(before, nowMs);
  // A fair connection may stay so for good: it is given its chance too, later.
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

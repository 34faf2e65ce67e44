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
 * Limits of the sent video, from no limit down to a picture in which a face is still recognisable.
 * The browser's congestion control chooses the bitrate. A lower limit keeps the picture smooth and
 * leaves bandwidth for the sound.
 */
export const VIDEO_STEPS: readonly (VideoLimits | null)[] = [
  null,
  { bitrateMax: 600_000, scaleDownBy: 1.5, framesPerSecondMax: 24 },
  { bitrateMax: 250_000, scaleDownBy: 2, framesPerSecondMax: 20 },
  { bitrateMax: 100_000, scaleDownBy: 4, framesPerSecondMax: 12 },
];

/** Bits per second that stay free for the sound under a limit of both. */
const SOUND_BITRATE = 40_000;

/**
 * Returns video limits that also keep picture and sound below a bit rate. The picture gets the size
 * of the lowest step whose bit rate isn't below the picture's.
 *
 * @param kbpsMax limit of picture and sound together, in kb/s; null without a limit
 */
export function withinKbps(limits: VideoLimits | null, kbpsMax: number | null): VideoLimits | null {
  if (kbpsMax === null) return limits;
  const bitrateMax = kbpsMax * 1_000 - SOUND_BITRATE;
  if (limits !== null && limits.bitrateMax <= bitrateMax) return limits;
  const size = VIDEO_STEPS.findLast((step) => step !== null && step.bitrateMax >= bitrateMax);
  return { ...(size ?? { scaleDownBy: 1, framesPerSecondMax: 30 }), bitrateMax };
}

/** Step of the video limits for users who save data. It needs about 2 MB per minute. */
export const SAVING_STEP = 2;

export interface Ladder {
  readonly step: number;
  /** When the video limits were last changed. It is minus infinity before the first change. */
  readonly movedAtMs: number;
  readonly calmSinceMs: number | null;
  /** How many milliseconds of good quality are needed before the video limits are raised next. */
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

/**
 * Lowers the video limits while quality is poor. Raises them after a time of good quality, which
 * doubles after each failed raise.
 */
export function climb(before: Ladder, level: QualityLevel, nowMs: number): Ladder {
  if (level === 'poor') return lower(before, nowMs);
  // The limits are also raised at the level "fair", because a connection may stay there forever.
  // This takes twice as long as at the level "good".
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

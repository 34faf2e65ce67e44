import { assertNever } from '@farandole/kernel/assert';
import {
  CLEAN_SAMPLES,
  FIRST_SAMPLE_EVERY_MS,
  SAMPLE_PAUSE_MAX_MS,
  SAMPLE_PAUSE_MIN_MS,
  SECOND_SAMPLE_MAX_MS,
  SECOND_SAMPLE_MIN_MS,
  SECOND_SAMPLE_SOON,
  SELDOM_SAMPLE_AFTER_MS,
} from './limits.ts';

export type Part = 'middle' | 'beginning' | 'end';

const PARTS = ['middle', 'beginning', 'end'] as const satisfies readonly Part[];

/**
 * How a picture is turned or mirrored before it is classified. Turning corrects a picture that
 * the peer sent on its side.
 */
export type Pose = 'plain' | 'mirrored' | 'turned-left' | 'turned-right';

/** Poses that are used for every other sample. Half of them are mirrored, half turned. */
const CHANGED_POSES = [
  'mirrored',
  'mirrored',
  'turned-left',
  'turned-right',
] as const satisfies readonly Pose[];

/** Returns the canvas transform (a, b, c, d, e, f) that draws a square of this width in a pose. */
export function poseMatrix(
  pose: Pose,
  side: number,
): [number, number, number, number, number, number] {
  switch (pose) {
    case 'plain':
      return [1, 0, 0, 1, 0, 0];
    case 'mirrored':
      return [-1, 0, 0, 1, side, 0];
    case 'turned-left':
      return [0, -1, 1, 0, 0, side];
    case 'turned-right':
      return [0, 1, -1, 0, side, 0];
    default:
      return assertNever(pose);
  }
}

export interface Shot {
  readonly part: Part;
  readonly pose: Pose;
}

/**
 * The order in which the parts of a picture are sampled. Any `CLEAN_SAMPLES` samples in a row
 * show different parts, also after `redraw`. Every other sample is mirrored or turned.
 */
export class ShotOrder {
  readonly #unit: () => number;
  #parts: readonly Part[];
  #changed = false;

  /** @param unit returns a random number from 0 to below 1 */
  constructor(unit: () => number) {
    this.#unit = unit;
    this.#parts = shuffled(PARTS, unit);
  }

  next(): Shot {
    const [part = 'middle', ...others] = this.#parts;
    this.#parts = [...others, part];
    const pose = this.#changed ? picked(CHANGED_POSES, this.#unit) : 'plain';
    this.#changed = !this.#changed;
    return { part, pose };
  }

  /** Shuffles the parts of the picture, but keeps the part that was sampled last at the end. */
  redraw(): void {
    this.#parts = [...shuffled(this.#parts.slice(0, -1), this.#unit), ...this.#parts.slice(-1)];
  }
}

function picked<T>(items: readonly [T, ...T[]], unit: () => number): T {
  return items[Math.floor(unit() * items.length)] ?? items[0];
}

/** Shuffles by the Fisher–Yates algorithm. */
function shuffled<T>(items: readonly T[], unit: () => number): readonly T[] {
  const left = [...items];
  return items.flatMap(() => left.splice(Math.floor(unit() * left.length), 1));
}

/**
 * Returns whether samples can cover the whole picture. False only for a shape that no camera
 * has, which a peer could send to evade the shield.
 */
export function canBeSeenWhole(width: number, height: number): boolean {
  const short = Math.min(width, height);
  return short > 0 && Math.max(width, height) <= PARTS.length * short;
}

export interface Square {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

/**
 * Returns the largest square at the start (left or top), in the middle or at the end of a
 * picture. The picture isn't squashed into a square, because the classifier would misread it.
 */
export function squareOf(width: number, height: number, part: Part): Square {
  const side = Math.min(width, height);
  const share = { beginning: 0, middle: 0.5, end: 1 }[part];
  return {
    x: Math.round((width - side) * share),
    y: Math.round((height - side) * share),
    side,
  };
}

function between(min: number, max: number, unit: () => number): number {
  return min + unit() * (max - min);
}

/**
 * Pause before the next sample. `usual`: random. `again`: mostly short, after a sample that may be
 * explicit. `seldom`: long.
 */
export type Pace = 'usual' | 'again' | 'seldom';

/**
 * Returns the pause before the next sample in milliseconds. It counts from the start of the last
 * sample or, for `seldom`, from that sample's end.
 * @param count number of samples so far
 * @param unit returns a random number from 0 to below 1
 */
export function pauseAfterSample(count: number, pace: Pace, unit: () => number): number {
  switch (pace) {
    case 'usual':
      return count < CLEAN_SAMPLES
        ? FIRST_SAMPLE_EVERY_MS
        : between(SAMPLE_PAUSE_MIN_MS, SAMPLE_PAUSE_MAX_MS, unit);
    case 'again':
      return unit() < SECOND_SAMPLE_SOON
        ? between(SECOND_SAMPLE_MIN_MS, SECOND_SAMPLE_MAX_MS, unit)
        : pauseAfterSample(CLEAN_SAMPLES, 'usual', unit);
    case 'seldom':
      return SELDOM_SAMPLE_AFTER_MS;
    default:
      return assertNever(pace);
  }
}

import { assertNever } from '@farandole/kernel/assert';
import {
  CLEAN_SAMPLES,
  FIRST_SAMPLE_EVERY_MS,
  SAMPLE_EVERY_MS,
  SECOND_SAMPLE_AFTER_MS,
  SELDOM_SAMPLE_AFTER_MS,
} from './limits.ts';

export type Part = 'middle' | 'beginning' | 'end';

/** The middle first, where most faces are. */
const PARTS = ['middle', 'beginning', 'end'] as const satisfies readonly Part[];

/** @param turn number of changes of part so far */
export function partAt(turn: number): Part {
  return PARTS[turn % PARTS.length] ?? 'middle';
}

/** False only for shapes that no camera has, which a peer could send to evade the shield. */
export function canBeSeenWhole(width: number, height: number): boolean {
  const short = Math.min(width, height);
  return short > 0 && Math.max(width, height) <= PARTS.length * short;
}

export interface Square {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

/** The largest square at the start (left or top), middle or end. Squashing would be misread. */
export function squareOf(width: number, height: number, part: Part): Square {
  const side = Math.min(width, height);
  const share = { beginning: 0, middle: 0.5, end: 1 }[part];
  return {
    x: Math.round((width - side) * share),
    y: Math.round((height - side) * share),
    side,
  };
}

/** `again`: at once, at the same part. `seldom`: when there is time. */
export type Pace = 'usual' | 'again' | 'seldom';

/** From the start of a look, or from its end for `seldom`. @param count looks so far */
export function pauseAfterSample(count: number, pace: Pace): number {
  switch (pace) {
    case 'usual':
      return count < CLEAN_SAMPLES ? FIRST_SAMPLE_EVERY_MS : SAMPLE_EVERY_MS;
    case 'again':
      return SECOND_SAMPLE_AFTER_MS;
    case 'seldom':
      return SELDOM_SAMPLE_AFTER_MS;
    default:
      return assertNever(pace);
  }
}

import { assertNever } from '@farandole/kernel/assert';
import {
  CLEAN_LOOKS,
  FIRST_LOOK_EVERY_MS,
  LOOK_EVERY_MS,
  SECOND_LOOK_AFTER_MS,
  SELDOM_LOOK_AFTER_MS,
} from './limits.ts';

/** Which square of a picture is looked at. */
export type Part = 'middle' | 'beginning' | 'end';

/** In turn: the middle first, where most people are. */
const PARTS = ['middle', 'beginning', 'end'] as const satisfies readonly Part[];

/** @param turn how often the part has changed */
export function partOfTurn(turn: number): Part {
  return PARTS[turn % PARTS.length] ?? 'middle';
}

/**
 * Whether three looks see all of a picture of that shape. No camera makes a longer one; somebody who wants the
 * shield to miss a part of theirs may.
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
 * The largest square of a picture, at its own size: in the middle, or at the left or the top for
 * its beginning, and at the right or the bottom for its end. The model takes squares, and a picture
 * that was squashed into one would be misread.
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

/** How soon the next look follows: in its turn, at once and of the same part, or when there is time. */
export type Pace = 'usual' | 'again' | 'seldom';

/**
 * How long after a look the next one is due: after its beginning, so that slow looks are not seldom
 * ones, or where it is to be seldom, after its end.
 *
 * @param count looks so far
 */
export function pauseAfterLook(count: number, pace: Pace): number {
  switch (pace) {
    case 'usual':
      return count < CLEAN_LOOKS ? FIRST_LOOK_EVERY_MS : LOOK_EVERY_MS;
    case 'again':
      return SECOND_LOOK_AFTER_MS;
    case 'seldom':
      return SELDOM_LOOK_AFTER_MS;
    default:
      return assertNever(pace);
  }
}

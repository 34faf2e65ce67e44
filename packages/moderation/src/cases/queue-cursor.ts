import type { QueueKey } from '../reports/triage.ts';
import type { QueuePlace } from './queue-place.ts';

/**
 * How much of one source the earlier pages have shown. A source is one part of the queue, such as
 * the folds. It is read in windows, which are consecutive ranges of places.
 */
export interface SourceMark {
  /** Bounds of the places in the current window. Absent for the first or last window. */
  readonly from?: QueuePlace;
  readonly to?: QueuePlace;
  /** Key of the last case shown from the current window. Absent if none was shown. */
  readonly after?: QueueKey;
}

/**
 * Where the next page of the queue begins. A cursor names a case by its sort key, not by its
 * index. So the next page skips and repeats no case, even if members took cases in the meantime.
 */
export interface QueueCursor {
  /** Time for which the first page computed the order. Later pages use the order of this time. */
  readonly atMs: number;
  readonly marks: Readonly<Record<string, SourceMark>>;
}

export function writeCursor(cursor: QueueCursor): string {
  return JSON.stringify(cursor);
}

/** Parses a cursor. Returns null for text that `writeCursor` can't have written. */
export function readCursor(text: string): QueueCursor | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(value)) return null;
  const { atMs, marks } = value;
  if (!isTime(atMs) || !isObject(marks) || !Object.values(marks).every(isMark)) return null;
  return { atMs, marks: marks as QueueCursor['marks'] };
}

function isMark(value: unknown): value is SourceMark {
  if (!isObject(value)) return false;
  const { from = '', to = '', after } = value;
  const isAfter = after === undefined || isKey(after);
  return typeof from === 'string' && typeof to === 'string' && isAfter;
}

const KEY_NUMBERS = 5;

function isKey(value: unknown): value is QueueKey {
  if (!Array.isArray(value) || value.length !== KEY_NUMBERS + 1) return false;
  const numbers = value.slice(0, KEY_NUMBERS);
  return numbers.every((one) => typeof one === 'number') && typeof value.at(-1) === 'string';
}

function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

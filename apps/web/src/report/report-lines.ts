import type { TaggedLine } from '@farandole/protocol/fields';
import {
  CLIENT_FRAME_BYTES_MAX,
  REPORT_LINES_MAX,
  REPORT_TEXT_BYTES_MAX,
} from '@farandole/protocol/limits';
import { placeOf } from '../chat/chat-log.ts';

const encoder = new TextEncoder();

function bytesOf(text: string): number {
  return encoder.encode(text).length;
}

/**
 * Returns the last chat lines that fit into one report. They are consecutive and within the
 * limits for number, text and frame size.
 * @param lines in the order of their positions
 * @param restBytes size of the rest of the frame as JSON
 */
export function reportableLines(lines: readonly TaggedLine[], restBytes: number): TaggedLine[] {
  const chosen: TaggedLine[] = [];
  let textBytes = 0;
  let frameBytes = restBytes;
  for (const line of lines.toReversed()) {
    const after = chosen[0];
    if (after !== undefined && placeOf(line) !== placeOf(after) - 1) break;
    textBytes += bytesOf(line.text);
    // The comma after the line needs one more byte.
    frameBytes += bytesOf(JSON.stringify(line)) + 1;
    const fits =
      chosen.length < REPORT_LINES_MAX &&
      textBytes <= REPORT_TEXT_BYTES_MAX &&
      frameBytes <= CLIENT_FRAME_BYTES_MAX;
    if (!fits) break;
    chosen.unshift(line);
  }
  return chosen;
}

/** Positions of the first and the last attached chat line. The range includes both. */
export interface LineRange {
  readonly from: number;
  readonly to: number;
}

/** Returns the chat lines in a range, or all lines if the range is null. */
export function linesIn(
  lines: readonly TaggedLine[],
  range: LineRange | null,
): readonly TaggedLine[] {
  if (range === null) return lines;
  return lines.filter((line) => placeOf(line) >= range.from && placeOf(line) <= range.to);
}

const NOTHING: LineRange = { from: 0, to: -1 };

/**
 * Returns the range of attached chat lines after the user toggled one line. A line outside the
 * range extends it up to that line or, beyond a gap, starts a new range. A line inside is
 * removed together with the lines on its shorter side.
 * @param places positions of all lines, ascending
 * @param attached positions of the attached lines, consecutive
 */
export function rangeAfterToggle(
  places: readonly number[],
  attached: readonly number[],
  place: number,
): LineRange {
  const from = attached[0];
  const to = attached.at(-1);
  if (from === undefined || to === undefined) return { from: place, to: place };
  if (place >= from && place <= to) {
    if (from === to) return NOTHING;
    return place - from < to - place ? { from: place + 1, to } : { from, to: place - 1 };
  }
  const wider = { from: Math.min(from, place), to: Math.max(to, place) };
  const within = places.filter((one) => one >= wider.from && one <= wider.to).length;
  return within === wider.to - wider.from + 1 ? wider : { from: place, to: place };
}

export function frameBytesOf(message: object): number {
  return bytesOf(JSON.stringify(message));
}

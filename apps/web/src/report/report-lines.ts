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
 * The last lines of a call that one report may open: as many as there are without a gap, within
 * the limits of number and of text, and within a frame together with the rest of the report.
 *
 * @param lines of the call, by place
 * @param restBytes of the frame beside the lines, as JSON
 */
export function reportableLines(lines: readonly TaggedLine[], restBytes: number): TaggedLine[] {
  const chosen: TaggedLine[] = [];
  let textBytes = 0;
  let frameBytes = restBytes;
  for (const line of lines.toReversed()) {
    const after = chosen[0];
    if (after !== undefined && placeOf(line) !== placeOf(after) - 1) break;
    textBytes += bytesOf(line.text);
    // A comma parts it from the next.
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

/** The places of the first and the last line, both of them included. */
export interface PlaceRange {
  readonly from: number;
  readonly to: number;
}

/** The lines within a range; all of them where none was chosen. */
export function linesIn(
  lines: readonly TaggedLine[],
  range: PlaceRange | null,
): readonly TaggedLine[] {
  if (range === null) return lines;
  return lines.filter((line) => placeOf(line) >= range.from && placeOf(line) <= range.to);
}

/** No line at all. */
const NOTHING: PlaceRange = { from: 0, to: -1 };

/**
 * The range after a person pressed one line. A line outside is taken in with all up to it, or, beyond
 * a gap, is the first of another range; a line inside goes, with the shorter part on its side.
 *
 * @param places of all lines, rising
 * @param attached places that go now: none, or neighbours
 */
export function rangeAfterToggle(
  places: readonly number[],
  attached: readonly number[],
  place: number,
): PlaceRange {
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

/** What a message takes in a frame as JSON. */
export function frameBytesOf(message: object): number {
  return bytesOf(JSON.stringify(message));
}

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

/** What a message takes in a frame as JSON. */
export function frameBytesOf(message: object): number {
  return bytesOf(JSON.stringify(message));
}

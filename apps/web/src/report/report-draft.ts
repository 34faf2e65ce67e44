import type { ReportReason, Seat, TaggedLine } from '@farandole/protocol/fields';
import { placeOf } from '../chat/chat-log.ts';
import { LINES_SHOWN_MAX } from './limits.ts';
import type { TakenPicture } from './picture-ring.ts';
import { frameBytesOf, type LineRange, linesIn, reportableLines } from './report-lines.ts';
import type { ReportLineView } from './reporting-view.ts';
import type { ReportCreate } from './stored-records.ts';

export interface Draft {
  readonly match: string;
  /** The receipt of the reported call. The server refuses a report without a receipt. */
  readonly receipt: string;
  readonly side: Seat;
  /** The reported user's seat. False in a call of two. */
  readonly of: Seat | false;
  readonly lines: readonly TaggedLine[];
  /**
   * Positions of the chat lines that the user attached to the report; `null` if the user hasn't
   * chosen.
   */
  readonly chosen: LineRange | null;
  readonly note: string;
  readonly pictures: readonly DraftPicture[];
}

export interface DraftPicture extends TakenPicture {
  readonly attached: boolean;
}

/**
 * While the user has chosen no reason, the report's size is computed with the longest reason and
 * id.
 */
const LONGEST_REASON: ReportReason = 'recording-or-sharing';
const LONGEST_ID = 'x'.repeat(64);
/** Maximum length of the fields `"seq":2147483648,` and `"ack":2147483648,` of a frame. */
const STREAM_BYTES = 34;

/** Returns the positions of the chat lines attached to a report, ascending and consecutive. */
export function attachedPlaces(draft: Draft): readonly number[] {
  return reportOf(draft, LONGEST_REASON, LONGEST_ID).lines.map(placeOf);
}

export function linesOf(draft: Draft): readonly ReportLineView[] {
  const attached = new Set(attachedPlaces(draft));
  return draft.lines.slice(-LINES_SHOWN_MAX).map((line, at, shown) => {
    const place = placeOf(line);
    const before = shown[at - 1];
    return {
      place,
      from: line.side === draft.side ? 'you' : 'peer',
      text: line.text,
      attached: attached.has(place),
      afterGap: before !== undefined && placeOf(before) !== place - 1,
    };
  });
}

export function reportOf(
  { receipt, of, lines, chosen, note }: Draft,
  reason: ReportReason,
  id: string,
): ReportCreate {
  const rest = {
    type: 'report.create',
    id,
    receipt,
    ...(of && { of }),
    reason,
    ...(note.trim() === '' ? {} : { note }),
  } as const;
  const restBytes = frameBytesOf({ ...rest, lines: [] }) + STREAM_BYTES;
  return { ...rest, lines: reportableLines(linesIn(lines, chosen), restBytes) };
}

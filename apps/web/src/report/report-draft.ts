import type { ReportReason, Seat, TaggedLine } from '@farandole/protocol/fields';
import { placeOf } from '../chat/chat-log.ts';
import { LINES_SHOWN_MAX } from './limits.ts';
import type { TakenPicture } from './picture-ring.ts';
import { frameBytesOf, type LineRange, linesIn, reportableLines } from './report-lines.ts';
import type { ReportLineView } from './reporting-view.ts';
import type { ReportCreate } from './stored-records.ts';

export interface Draft {
  readonly match: string;
  /** The call's receipt, without which the server refuses a report. */
  readonly receipt: string;
  readonly side: Seat;
  readonly lines: readonly TaggedLine[];
  /** Positions of the lines that the user chose; `null` if the user chose none. */
  readonly chosen: LineRange | null;
  readonly note: string;
  readonly pictures: readonly DraftPicture[];
}

export interface DraftPicture extends TakenPicture {
  readonly attached: boolean;
}

/** Sizes are computed with the longest reason and id, as long as the user has chosen no reason. */
const LONGEST_REASON: ReportReason = 'recording-or-sharing';
const LONGEST_ID = 'x'.repeat(64);
/** Maximum length of the sequence number in a frame: `"seq":2147483648,`. */
const SEQUENCE_BYTES = 17;

/** Returns the positions of the attached lines, ascending. They are consecutive. */
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
  { receipt, lines, chosen, note }: Draft,
  reason: ReportReason,
  id: string,
): ReportCreate {
  const rest = {
    type: 'report.create',
    id,
    receipt,
    reason,
    ...(note.trim() === '' ? {} : { note }),
  } as const;
  const restBytes = frameBytesOf({ ...rest, lines: [] }) + SEQUENCE_BYTES;
  return { ...rest, lines: reportableLines(linesIn(lines, chosen), restBytes) };
}

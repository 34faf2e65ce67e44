import type { ReportReason, Seat, TaggedLine } from '@farandole/protocol/fields';
import { placeOf } from '../chat/chat-log.ts';
import { LINES_SHOWN_MAX } from './limits.ts';
import type { TakenPicture } from './picture-ring.ts';
import { frameBytesOf, type LineRange, linesIn, reportableLines } from './report-lines.ts';
import type { ReportLineView } from './reporting-view.ts';
import type { ReportCreate } from './stored-records.ts';

export interface Draft {
  readonly match: string;
  /** A report requires it. */
  readonly receipt: string;
  readonly side: Seat;
  readonly lines: readonly TaggedLine[];
  /** Places chosen by the user; null before a choice. */
  readonly chosen: LineRange | null;
  readonly note: string;
  readonly pictures: readonly DraftPicture[];
}

export interface DraftPicture extends TakenPicture {
  readonly attached: boolean;
}

/** Before a choice, sizes are computed with the longest values. */
const LONGEST_REASON: ReportReason = 'recording-or-sharing';
const LONGEST_ID = 'x'.repeat(64);
/** The sequence number in a frame: `"seq":2147483648,`. */
const SEQUENCE_BYTES = 17;

/** Attached places, in order: none or consecutive. */
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

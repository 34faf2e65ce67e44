import type { ReportReason, Seat, TaggedLine } from '@farandole/protocol/fields';
import { placeOf } from '../chat/chat-log.ts';
import type { ReportCreate } from './kept-records.ts';
import { LINES_SHOWN_MAX } from './limits.ts';
import type { TakenPicture } from './picture-ring.ts';
import { frameBytesOf, linesIn, type PlaceRange, reportableLines } from './report-lines.ts';
import type { ReportLineView } from './reporting-view.ts';

export interface Draft {
  readonly match: string;
  /** Opens the report: nobody can be reported without it. */
  readonly receipt: string;
  readonly side: Seat;
  readonly lines: readonly TaggedLine[];
  /** The places of those that the person wants to go with it; null where they did not say. */
  readonly chosen: PlaceRange | null;
  readonly note: string;
  readonly pictures: readonly DraftPicture[];
}

export interface DraftPicture extends TakenPicture {
  readonly attached: boolean;
}

/** While nothing is chosen, what will be attached is worked out for the longest of each. */
const LONGEST_REASON: ReportReason = 'recording-or-sharing';
const LONGEST_ID = 'x'.repeat(64);
/** What a place in the stream adds to a frame: `"seq":2147483648,`. */
const SEQUENCE_BYTES = 17;

/** Those that go with it, in order; none, or neighbours. */
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

import type { Mode, ReportReason, Seat } from '@farandole/protocol/fields';
import type { ReportOutcome } from '@farandole/protocol/http-api';
import type { EndedView } from '../call/call-view.ts';

export interface ReportView {
  /**
   * In a call of three: this user's seat, and the seat of whom the report is about. False in a call
   * of two.
   */
  readonly whom: { readonly own: Seat; readonly of: Seat } | false;
  /**
   * `choosing`: the user chooses a reason. `pending`: the user can add to the report or undo it.
   * `waiting`: the report is complete, but the page has no session. `accepted`: the server stored
   * the report. `refused`: the server refused it; the user can close the report sheet or send
   * again.
   */
  readonly state: 'choosing' | 'pending' | 'sending' | 'waiting' | 'accepted' | 'refused';
  readonly reason: ReportReason | null;
  /** Time until the pending report is sent; `null` if none is pending. */
  readonly goesInMs: number | null;
  readonly note: string;
  /** Remaining length of the report's note in UTF-16 code units. */
  readonly noteRemaining: number;
  readonly linesAttached: number;
  /** The last chat lines, while the user can choose which of them to attach to the report. */
  readonly lines: readonly ReportLineView[];
  /**
   * Pictures from the peer's last seconds of video. Empty if the report's reason allows no
   * pictures.
   */
  readonly pictures: readonly ReportPictureView[];
  /**
   * State of the report's pictures. `none`: no picture is attached. After the report was sent:
   * `sending`, `sent` or `failed`.
   */
  readonly picturesState: 'none' | 'attached' | 'sending' | 'sent' | 'failed';
  readonly picturesAttached: number;
  /**
   * Code of the moderation case, which the user can quote. Known once the server has accepted
   * the report.
   */
  readonly code: string | null;
  /** True if the server added the report to an existing moderation case. */
  readonly merged: boolean;
  readonly refusal: 'bad-receipt' | 'bad-lines' | 'too-fast' | 'not-stored' | null;
}

/**
 * A picture attached to the report. The page doesn't display it, so that the reporter needn't
 * see it again.
 */
export interface ReportPictureView {
  readonly id: number;
  readonly agoMs: number;
  readonly attached: boolean;
}

export interface ReportLineView {
  /** Position of the chat line in the conversation, counted from 1. */
  readonly place: number;
  readonly from: 'you' | 'peer';
  readonly text: string;
  readonly attached: boolean;
  /**
   * True if chat lines before this one are missing. The lines attached to a report never include
   * a gap.
   */
  readonly afterGap: boolean;
}

export interface OwnReportView {
  readonly id: string;
  readonly reason: ReportReason;
  readonly atMs: number;
  /**
   * State of a stored report. `waiting`: the page hasn't sent it yet. `refused`: the report came
   * too late or the server can't verify it.
   */
  readonly state: 'waiting' | 'refused' | ReportOutcome;
  readonly code: string | null;
  /** Proves to the operator that this user made the report; `null` if the server kept nothing. */
  readonly proof: string | null;
  readonly isNews: boolean;
}

export interface OwnDecisionView {
  /** Code with which the user reads the moderation decision and appeals. */
  readonly code: string;
  readonly may: 'text' | 'nothing';
  readonly atMs: number;
  readonly endsAtMs: number | null;
}

export interface OwnMeetingView {
  readonly match: string;
  readonly mode: Mode;
  readonly atMs: number;
  readonly reported: boolean;
  readonly block: EndedView['block'];
}

export interface OwnBlockView {
  readonly match: string;
  readonly atMs: number;
  readonly met: { readonly mode: Mode; readonly atMs: number } | null;
  /**
   * State of a block in the list:
   * - `none`: the user can remove the block;
   * - `waiting`: the removal waits for a session;
   * - `refused`: the server refused the removal for now;
   * - `foreign`: the server considers this browser another user;
   * - `lasting`: the server gave no proof, so the block is permanent;
   * - `reported`: the user reported the stranger, so the two are never matched anyway.
   */
  readonly state:
    | 'none'
    | 'asked'
    | 'waiting'
    | 'removed'
    | 'refused'
    | 'foreign'
    | 'lasting'
    | 'reported';
}

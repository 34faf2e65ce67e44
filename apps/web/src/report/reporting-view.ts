import type { Mode, ReportReason } from '@farandole/protocol/fields';
import type { ReportOutcome } from '@farandole/protocol/http-api';
import type { EndedView } from '../call/call-view.ts';

export interface ReportView {
  /**
   * `waiting`: the session is lost. `accepted`: the server stored the report. `refused`: the user
   * can close the sheet or send again.
   */
  readonly state: 'choosing' | 'sending' | 'waiting' | 'accepted' | 'refused';
  readonly reason: ReportReason | null;
  /** Time until the pending report is sent, while the user is choosing. */
  readonly goesInMs: number | null;
  readonly note: string;
  /** Remaining length of the note in UTF-16 code units. */
  readonly noteRemaining: number;
  readonly linesAttached: number;
  /** The last lines of the chat, while the user is choosing. */
  readonly lines: readonly ReportLineView[];
  /** Pictures of the peer's last seconds. Empty if the reason allows no pictures. */
  readonly pictures: readonly ReportPictureView[];
  /** `none`: no picture is attached. After sending the report: `sending`, `sent` or `failed`. */
  readonly picturesState: 'none' | 'attached' | 'sending' | 'sent' | 'failed';
  readonly picturesAttached: number;
  /** Code of the case, which the user can quote. Known once the report was accepted. */
  readonly code: string | null;
  /** True if the server added the report to an existing case. */
  readonly merged: boolean;
  readonly refusal: 'bad-receipt' | 'bad-lines' | 'too-fast' | 'not-stored' | null;
}

/** An attached picture. It isn't displayed, so that the reporter needn't see it again. */
export interface ReportPictureView {
  readonly id: number;
  readonly agoMs: number;
  readonly attached: boolean;
}

export interface ReportLineView {
  /** Position of the line in the conversation, from 1. */
  readonly place: number;
  readonly from: 'you' | 'peer';
  readonly text: string;
  readonly attached: boolean;
  /** True if lines before this one are missing. Attached lines never include a gap. */
  readonly afterGap: boolean;
}

export interface OwnReportView {
  readonly id: string;
  readonly reason: ReportReason;
  readonly atMs: number;
  /** `waiting`: the report wasn't sent yet. `refused`: it came too late or can't be verified. */
  readonly state: 'waiting' | 'refused' | ReportOutcome;
  readonly code: string | null;
  /** Proves to the operator that the report is the user's; `null` if the server kept nothing. */
  readonly proof: string | null;
  readonly isNews: boolean;
}

export interface OwnDecisionView {
  /** Code to read the decision and to appeal. */
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
   * - `none`: the block can be removed;
   * - `waiting`: the removal waits for the session;
   * - `refused`: the server refused for now;
   * - `foreign`: the server considers this browser another user;
   * - `lasting`: the server gave no proof, so the block is permanent;
   * - `reported`: the user reported the stranger, so the two are kept apart anyway.
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

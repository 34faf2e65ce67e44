import type { Mode, ReportReason } from '@farandole/protocol/fields';
import type { ReportOutcome } from '@farandole/protocol/http-api';
import type { EndedView } from '../call/call-view.ts';

export interface ReportView {
  /** `waiting` for the link; `accepted`: stored by the server; `refused`: close or resend. */
  readonly state: 'choosing' | 'sending' | 'waiting' | 'accepted' | 'refused';
  readonly reason: ReportReason | null;
  /** While choosing: time until the pending report is sent. */
  readonly goesInMs: number | null;
  readonly note: string;
  /** UTF-16 code units left of `REPORT_NOTE_CHARS_MAX`. */
  readonly noteRemaining: number;
  readonly linesAttached: number;
  /** The last chat lines, while the user is choosing. */
  readonly lines: readonly ReportLineView[];
  /** Pictures of the peer's last seconds, if the reason allows pictures. */
  readonly pictures: readonly ReportPictureView[];
  /** `none`: nothing attached. After sending: `sending`, `sent` or `failed`. */
  readonly picturesState: 'none' | 'attached' | 'sending' | 'sent' | 'failed';
  readonly picturesAttached: number;
  /** The case code to quote, once accepted. */
  readonly code: string | null;
  /** Merged into an existing case. */
  readonly merged: boolean;
  readonly refusal: 'bad-receipt' | 'bad-lines' | 'too-fast' | 'not-stored' | null;
}

/** Never displayed: the reporter has seen enough. */
export interface ReportPictureView {
  readonly id: number;
  readonly agoMs: number;
  readonly attached: boolean;
}

export interface ReportLineView {
  /** Position in the conversation, from 1. */
  readonly place: number;
  readonly from: 'you' | 'peer';
  readonly text: string;
  readonly attached: boolean;
  /** Lines before it are missing. Attached lines never span a gap. */
  readonly afterGap: boolean;
}

export interface OwnReportView {
  readonly id: string;
  readonly reason: ReportReason;
  readonly atMs: number;
  /** `waiting` for the link; `refused`: too late or not verifiable. */
  readonly state: 'waiting' | 'refused' | ReportOutcome;
  readonly code: string | null;
  /** Proves ownership to the operator, while the server keeps data of it. */
  readonly proof: string | null;
  readonly isNews: boolean;
}

export interface OwnDecisionView {
  /** Code to read it and appeal. */
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
   * - `none`: can be removed;
   * - `waiting`: for the link;
   * - `refused`: temporarily;
   * - `foreign`: the server sees this browser as another user;
   * - `lasting`: the server gave no proof to remove it;
   * - `reported`: the report keeps them apart anyway.
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

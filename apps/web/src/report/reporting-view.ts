import type { Mode, ReportReason } from '@farandole/protocol/fields';
import type { ReportOutcome } from '@farandole/protocol/http-api';
import type { EndedView } from '../call/call-view.ts';

export interface ReportView {
  /**
   * `choosing` a reason, or with one what goes with it; `sending`; `waiting` for the link; `accepted` by the server's disk;
   * `refused`: `closeReport` or send again.
   */
  readonly state: 'choosing' | 'sending' | 'waiting' | 'accepted' | 'refused';
  readonly reason: ReportReason | null;
  /** While choosing: it is made, kept on this device, and sent by itself in so long. */
  readonly goesInMs: number | null;
  readonly note: string;
  /** Code units left of `REPORT_NOTE_CHARS_MAX`. */
  readonly noteRemaining: number;
  /** How many of the last lines of the chat go with it. */
  readonly linesAttached: number;
  /** While choosing: the last lines of the chat, of which those that are `attached` go with it. */
  readonly lines: readonly ReportLineView[];
  /** Once there is a reason that takes any: pictures of the stranger's last seconds, of which those `attached` go with it. */
  readonly pictures: readonly ReportPictureView[];
  /** `none` go with it. Then they are `sending`, `sent`, or could not be: `failed`. */
  readonly picturesState: 'none' | 'attached' | 'sending' | 'sent' | 'failed';
  readonly picturesAttached: number;
  /** What the person can name it by, once accepted. */
  readonly code: string | null;
  /** Already reported: the same case. */
  readonly merged: boolean;
  readonly refusal: 'bad-receipt' | 'bad-lines' | 'too-fast' | 'not-stored' | null;
}

/** One that is never shown: whoever reports has seen enough. */
export interface ReportPictureView {
  readonly id: number;
  readonly agoMs: number;
  readonly attached: boolean;
}

export interface ReportLineView {
  /** In the conversation, from 1. */
  readonly place: number;
  readonly from: 'you' | 'peer';
  readonly text: string;
  readonly attached: boolean;
  /** Lines before it are missing here: those that go with a report never reach across. */
  readonly afterGap: boolean;
}

export interface OwnReportView {
  readonly id: string;
  readonly reason: ReportReason;
  readonly atMs: number;
  /** `waiting` for the link; `refused`: it came too late, or could not be verified. */
  readonly state: 'waiting' | 'refused' | ReportOutcome;
  readonly code: string | null;
  /** What shows that it is theirs, also to whoever runs the server, while that keeps anything of it. */
  readonly proof: string | null;
  readonly isNews: boolean;
}

export interface OwnDecisionView {
  /** What it is read and appealed against by. */
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
  /** Of the call, where it is known. */
  readonly met: { readonly mode: Mode; readonly atMs: number } | null;
  /**
   * `none`: it can be taken back. `asked`: being so, or `waiting` for the link. `removed`. `refused`:
   * not now, ask again. `foreign`: the server takes this browser for somebody else. `lasting`: the
   * server gave nothing to take it back with. `reported`: the report keeps them apart all the same.
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

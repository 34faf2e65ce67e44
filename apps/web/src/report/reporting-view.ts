import type { Mode, ReportReason } from '@farandole/protocol/fields';
import type { OwnWarning, ReportOutcome } from '@farandole/protocol/http-api';
import type { ReadonlySignal } from '@preact/signals';
import type { EndedView } from '../state/app-model.ts';
import type { OwnData } from '../state/own-data.ts';

/** What the screens see and do of reports: a part of `AppModel`. */

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

/** While a reason is chosen. */
export interface ReportDraft {
  /** Makes the report as it stands: it is kept, and sent in a while with what was chosen by then. */
  hold(): void;
  /** Sends what is held. */
  sendNow(): void;
  /** Takes back what is held, and closes it: nothing is sent. */
  takeBack(): void;
  /** From what goes with a reason back to the reasons. */
  otherReason(): void;
  setNote(note: string): void;
  /** Has a line of the chat go with the report, or not: those that go are neighbours. */
  toggleLine(place: number): void;
  /** Has a picture go with the report, or not. */
  togglePicture(id: number): void;
  /** Has no picture go with it. */
  dropPictures(): void;
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

/** What is kept on this device, to look at and to act on. */
export interface OwnRecords {
  /** The newest first. */
  readonly reports: ReadonlySignal<readonly OwnReportView[]>;
  /** Of the last day, the newest first. */
  readonly meetings: ReadonlySignal<readonly OwnMeetingView[]>;
  /** What was decided of this person, as far as it was told here; the newest first. */
  readonly decisions: ReadonlySignal<readonly OwnDecisionView[]>;
  /** The newest first. */
  readonly blocks: ReadonlySignal<readonly OwnBlockView[]>;
  /** Whether something was decided that the person has not seen. */
  readonly news: ReadonlySignal<boolean>;
  /** What moderators have told whoever is here, until they say that they have read it. */
  readonly warning: ReadonlySignal<OwnWarning | null>;
  /** Reads what is kept, and asks what became of the reports. */
  look(): void;
  /** The person has seen what there is. */
  looked(): void;
  /** The person has read the warning. */
  understood(): void;
  reportMeeting(match: string): void;
  blockMeeting(match: string): void;
  /** Takes a block of one's own back. */
  unblock(match: string): void;
  /** Forgets all but reports that are not sent yet. */
  forget(): void;
  /** And what the server keeps. */
  readonly atServer: OwnData;
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

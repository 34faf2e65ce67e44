import type { Mode, ReportReason } from '@farandole/protocol/fields';
import type { ReportOutcome } from '@farandole/protocol/http-api';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import type { Outgoing } from '../signal/frame-stream.ts';

export type ReportCreate = Extract<Outgoing, { type: 'report.create' }>;

/** A report stored on this device. Its content is kept until the server has stored the report. */
export interface StoredReport {
  /** Id of the report, chosen by this page. */
  readonly id: string;
  readonly match: string;
  readonly reason: ReportReason;
  readonly atMs: number;
  readonly state:
    | { readonly state: 'waiting'; readonly message: ReportCreate }
    | {
        readonly state: 'accepted';
        readonly code: string;
        /** Token with which the page queries the outcome of the report. */
        readonly proof: string;
        readonly outcome: ReportOutcome;
        /** Whether the user has seen the current state of the report. */
        readonly seen: boolean;
      }
    | {
        readonly state: 'refused';
        readonly refusal: ServerMessageOf<'report.refused'>['reason'];
      };
}

/**
 * A stranger whom the user met. This device identifies the stranger only by the receipt of their
 * call.
 */
export interface StoredMeeting {
  readonly match: string;
  readonly receipt: string;
  readonly mode: Mode;
  readonly atMs: number;
}

/** A moderation decision about this user, with the code to read the decision and to appeal. */
export interface StoredDecision {
  readonly code: string;
  readonly may: 'text' | 'nothing';
  /** Time at which this device first received the moderation decision. */
  readonly atMs: number;
  /** Time at which the moderation decision ends, by the server's clock; `null` if it never ends. */
  readonly endsAtMs: number | null;
}

/**
 * A blocked stranger. This device identifies the stranger only by the proof that removes the
 * block.
 */
export interface StoredBlock {
  readonly match: string;
  readonly atMs: number;
  /** The call in which the user met the blocked stranger; `null` if unknown. */
  readonly met: { readonly mode: Mode; readonly atMs: number } | null;
  /**
   * Proof with which the user can remove the block. `null` if the server gave none, so that the
   * block is permanent.
   */
  readonly proof: string | null;
}

/**
 * Stores records on this device beyond the browser session. Methods reject if storage is
 * unavailable.
 */
export interface RecordStore {
  reports(): Promise<readonly StoredReport[]>;
  meetings(): Promise<readonly StoredMeeting[]>;
  decisions(): Promise<readonly StoredDecision[]>;
  blocks(): Promise<readonly StoredBlock[]>;
  putReport(report: StoredReport): Promise<void>;
  putMeeting(meeting: StoredMeeting): Promise<void>;
  putBlock(block: StoredBlock): Promise<void>;
  removeReport(id: string): Promise<void>;
  removeMeeting(match: string): Promise<void>;
  putDecision(decision: StoredDecision): Promise<void>;
  removeDecision(code: string): Promise<void>;
  removeBlock(match: string): Promise<void>;
}

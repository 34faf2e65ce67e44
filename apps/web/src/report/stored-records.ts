import type { Mode, ReportReason } from '@farandole/protocol/fields';
import type { ReportOutcome } from '@farandole/protocol/http-api';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import type { Outgoing } from '../signal/frame-stream.ts';

export type ReportCreate = Extract<Outgoing, { type: 'report.create' }>;

/** A report on this device. Its content is kept until the server has it. */
export interface StoredReport {
  /** The client's id for it. */
  readonly id: string;
  readonly match: string;
  readonly reason: ReportReason;
  readonly atMs: number;
  readonly state:
    | { readonly state: 'waiting'; readonly message: ReportCreate }
    | {
        readonly state: 'accepted';
        readonly code: string;
        /** Used to query the outcome. */
        readonly proof: string;
        readonly outcome: ReportOutcome;
        /** Whether the user has viewed it in this state. */
        readonly seen: boolean;
      }
    | {
        readonly state: 'refused';
        readonly refusal: ServerMessageOf<'report.refused'>['reason'];
      };
}

/** A stranger met, identified only by the call's receipt. */
export interface StoredMeeting {
  readonly match: string;
  readonly receipt: string;
  readonly mode: Mode;
  readonly atMs: number;
}

/** A decision about this user, with the code to read it and appeal. */
export interface StoredDecision {
  readonly code: string;
  readonly may: 'text' | 'nothing';
  /** When this device first received it. */
  readonly atMs: number;
  /** Server time; null without an end. */
  readonly endsAtMs: number | null;
}

/** A blocked stranger, identified only by the proof that removes the block. */
export interface StoredBlock {
  readonly match: string;
  readonly atMs: number;
  /** The call in which they met, if known. */
  readonly met: { readonly mode: Mode; readonly atMs: number } | null;
  /** Null: the server gave none, and the block is permanent. */
  readonly proof: string | null;
}

/** Records that survive closing the browser. Methods reject where storage is unavailable. */
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

import type { Mode, ReportReason } from '@farandole/protocol/fields';
import type { ReportOutcome } from '@farandole/protocol/http-api';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import type { Outgoing } from '../signal/frame-stream.ts';

export type ReportCreate = Extract<Outgoing, { type: 'report.create' }>;

/** A report, on this device. What was said is in it until the server has it, and no longer. */
export interface KeptReport {
  /** The page's name for it. */
  readonly id: string;
  readonly match: string;
  readonly reason: ReportReason;
  readonly atMs: number;
  readonly state:
    | { readonly state: 'waiting'; readonly message: ReportCreate }
    | {
        readonly state: 'accepted';
        readonly code: string;
        /** What the outcome is asked by. */
        readonly proof: string;
        readonly outcome: ReportOutcome;
        /** Whether the person has looked since it became so. */
        readonly seen: boolean;
      }
    | {
        readonly state: 'refused';
        readonly refusal: ServerMessageOf<'report.refused'>['reason'];
      };
}

/** Somebody whom one met, by nothing but the receipt of the call. */
export interface KeptMeeting {
  readonly match: string;
  readonly receipt: string;
  readonly mode: Mode;
  readonly atMs: number;
}

/** A decision about whoever is here, by the code under which it is read and appealed against. */
export interface KeptDecision {
  readonly code: string;
  readonly may: 'text' | 'nothing';
  /** When it was first told here. */
  readonly atMs: number;
  /** By the server's clock; null where it has no end. */
  readonly endsAtMs: number | null;
}

/** Somebody whom one blocked, by nothing but what takes the block back. */
export interface KeptBlock {
  readonly match: string;
  readonly atMs: number;
  /** Of the call in which one met them, where that is known. */
  readonly met: { readonly mode: Mode; readonly atMs: number } | null;
  /** Null where the server gave none: it holds for good. */
  readonly proof: string | null;
}

/** What is kept on this device, and survives it being closed. Rejects where nothing can be kept. */
export interface RecordStore {
  reports(): Promise<readonly KeptReport[]>;
  meetings(): Promise<readonly KeptMeeting[]>;
  decisions(): Promise<readonly KeptDecision[]>;
  blocks(): Promise<readonly KeptBlock[]>;
  putReport(report: KeptReport): Promise<void>;
  putMeeting(meeting: KeptMeeting): Promise<void>;
  putBlock(block: KeptBlock): Promise<void>;
  removeReport(id: string): Promise<void>;
  removeMeeting(match: string): Promise<void>;
  putDecision(decision: KeptDecision): Promise<void>;
  removeDecision(code: string): Promise<void>;
  removeBlock(match: string): Promise<void>;
}

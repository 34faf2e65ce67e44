import type { Mode } from './fields.ts';

/**
 * The HTTP API of the moderation console: same-origin JSON under one path. An error response is
 * an `HttpProblem`. The moderation package defines the shapes of other responses, and
 * `console-requests.ts` the request bodies.
 */

export const CONSOLE_PATH = '/console';
export const CONSOLE_API_PATH = '/console/api';
/**
 * Marks a request that the page sends without user action. Any value will do. Such a request
 * doesn't extend the member's session.
 */
export const CONSOLE_UNATTENDED_HEADER = 'Farandole-Unattended';
/**
 * Path of the document that decodes evidence pictures. POST `pictures/ID/reveal` returns the
 * bytes of one picture.
 */
export const PICTURE_FRAME_PATH = '/console/picture-frame';

/** GET `desk` returns the signed-in member and the names of all members. */
export interface ConsoleDesk {
  readonly member: {
    readonly id: string;
    readonly name: string;
    readonly roles: readonly string[];
  };
  readonly names: Readonly<Record<string, string>>;
  /**
   * Addresses to which members forward suspected child abuse, as the operator configured them.
   * Null for an address that isn't set.
   */
  readonly handOver: { readonly hotline: string | null; readonly authority: string | null };
}

/**
 * GET `live` sends this as the server-sent event `counts`: at once, after each change, and as a
 * heartbeat.
 */
export interface ConsoleCounts {
  /** Changes after each action of any member, so that a page knows that its data is stale. */
  readonly version: number;
  /** The node's wall clock, to which all times in the console refer. */
  readonly atMs: number;
  /** Number of pending items of each kind. Null if the member's roles don't permit the kind. */
  readonly counts: Readonly<
    Record<'waiting' | 'late' | 'mine' | 'approvals' | 'appeals', number | null>
  > & {
    /** Number of child-safety cases that no member may open. Every member sees this number. */
    readonly unopenable: number;
    /** The newest open alert for this member. Absent if there is none. */
    readonly alert?: ConsoleAlert;
  };
}

/** An open alert, as the moderation package defines it. */
export interface ConsoleAlert {
  readonly id: string;
  readonly kind: string;
  readonly count: number;
  /** When the alert woke the member. */
  readonly atMs: number;
}

/** GET `server` returns this: what the node that answers measures now. */
export interface ServerPage {
  readonly build: { readonly version: string; readonly node: string };
  readonly startedAtMs: number;
  readonly nowMs: number;
  /** Number of live nodes. Other figures are of this node, except those of the staff's work. */
  readonly nodes: number;
  readonly people: { readonly online: number; readonly detached: number };
  readonly calls: readonly {
    readonly mode: Mode;
    readonly route: 'direct' | 'relay' | 'unknown';
    readonly calls: number;
  }[];
  /** Users who search, by mode. Null on a node that doesn't own the pool. */
  readonly waiting: readonly { readonly mode: string; readonly people: number }[] | null;
  /** Matches of the last hour, and half of the waits were shorter than `medianMs`. */
  readonly matches: { readonly count: number; readonly medianMs: number | null };
  readonly relay: {
    readonly servers: readonly { readonly url: string; readonly isReachable: boolean }[];
    readonly bytesEstimated: number;
  };
  readonly disk: {
    readonly freeBytes: number;
    readonly sizeBytes: number;
    readonly isFull: boolean;
  } | null;
  /** When the data folder was last backed up; null if never. */
  readonly lastBackupAtMs: number | null;
  readonly isBackupOld: boolean;
  readonly store: { readonly isFailing: boolean; readonly reportsWaiting: number };
  readonly isAuditBroken: boolean;
  readonly isClockDoubtful: boolean;
  readonly backlog: {
    readonly open: number;
    readonly late: number;
    readonly appeals: number;
    readonly unopenable: number;
  };
}

/** POST `alerts/test` returns the outcome of each message that it sent. */
export interface AlertTestOutcome {
  readonly channel: 'webhook' | 'mail';
  /** The mail address; null for the webhook. */
  readonly to: string | null;
  /** Null if the receiver took the message; otherwise why not, such as `timeout` or `HTTP 500`. */
  readonly problem: string | null;
}

/** GET `audit?until=N` returns this many rows of the audit log up to row N, newest first. */
export const CONSOLE_AUDIT_ROWS = 50;

/**
 * Interval of the console's heartbeat. The page treats its connection as lost after two
 * intervals of silence.
 */
export const CONSOLE_BEAT_MS = 5_000;

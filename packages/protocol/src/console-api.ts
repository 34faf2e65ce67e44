/**
 * The HTTP API of the console: same-origin JSON under one path; errors are `HttpProblem`. Responses
 * have the shapes of the moderation package; request bodies are in `console-requests.ts`.
 */

export const CONSOLE_PATH = '/console';
export const CONSOLE_API_PATH = '/console/api';
/** Marks background requests (any value). They don't extend the session. */
export const CONSOLE_UNATTENDED_HEADER = 'Farandole-Unattended';
/** The document that decodes pictures. POST `pictures/ID/reveal` returns the bytes of one. */
export const PICTURE_FRAME_PATH = '/console/picture-frame';

/** GET `desk`: the signed-in member and all members. */
export interface ConsoleDesk {
  readonly member: {
    readonly id: string;
    readonly name: string;
    readonly roles: readonly string[];
  };
  readonly names: Readonly<Record<string, string>>;
  /** Where to forward suspected child abuse, as the operator configured it; null if unset. */
  readonly handOver: { readonly hotline: string | null; readonly authority: string | null };
}

/** GET `live`: server-sent events named `counts`: at once, after each change, as a heartbeat. */
export interface ConsoleCounts {
  /** Changes after every action, so that clients know their data is stale. */
  readonly version: number;
  /** The node's wall clock; all console times use it. */
  readonly atMs: number;
  /** Null if the member's roles don't permit it. */
  readonly counts: Readonly<
    Record<'waiting' | 'late' | 'mine' | 'approvals' | 'appeals', number | null>
  > & {
    /** Child-safety cases that no member may open. Every member gets it. */
    readonly unopenable: number;
  };
}

/** GET `audit?until=N`: this many rows up to N, newest first. */
export const CONSOLE_AUDIT_ROWS = 50;

/** Heartbeat interval. Clients treat the link as lost after two intervals of silence. */
export const CONSOLE_BEAT_MS = 5_000;

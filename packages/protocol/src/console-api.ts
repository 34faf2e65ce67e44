/**
 * What the console and a node say to each other over HTTP. All of it is under one path, same-origin,
 * and in JSON; an error answers `HttpProblem` with its status. What is shown has the shape that the
 * desk of the moderation room gives it; what is sent, `console-requests.ts` says.
 */

export const CONSOLE_PATH = '/console';
export const CONSOLE_API_PATH = '/console/api';
/** With any value: the console asks by itself, and no member did anything. It keeps nobody signed in. */
export const CONSOLE_UNATTENDED_HEADER = 'Farandole-Unattended';
/** The document in which pictures are decoded; POST `pictures/ID/reveal` answers with the bytes of one. */
export const PICTURE_FRAME_PATH = '/console/picture-frame';

/** GET `desk`: who is signed in, and who the others are. */
export interface ConsoleDesk {
  readonly member: {
    readonly id: string;
    readonly name: string;
    readonly roles: readonly string[];
  };
  /** What the members are called, by their ids: also those who have left. */
  readonly names: Readonly<Record<string, string>>;
  /** To whom a case that may be of a minor is handed over, as the operator has said; null where they have not. */
  readonly handOver: { readonly hotline: string | null; readonly authority: string | null };
}

/** GET `live`, as server-sent events named `counts`: at once, after each change, and as a beat. */
export interface ConsoleCounts {
  /** Another one after anything was done: then what is shown may be old. */
  readonly version: number;
  /** By the node's wall clock, by which all times of the console are. */
  readonly atMs: number;
  /** Null where the member's roles do not let them see it. */
  readonly counts: Readonly<
    Record<'waiting' | 'late' | 'mine' | 'approvals' | 'appeals', number | null>
  >;
}

/** GET `audit?until=N`: so many rows up to that one, the newest first. */
export const CONSOLE_AUDIT_ROWS = 50;

/** How often a node says something although nothing has changed; twice that without is a lost link. */
export const CONSOLE_BEAT_MS = 5_000;

import { REACTIONS_MAX, REACTIONS_SPAN_MS } from '@farandole/protocol/limits';

/**
 * Bounds of this package, besides those of the wire (`@farandole/protocol/limits`) and the
 * signalling filter (`signal-policy/limits.ts`). Each is tested at its value and one over. Times
 * are monotonic milliseconds unless named otherwise.
 */

/** Default limit of sockets per node; further ones are closed as `too-many`. */
export const CONNECTIONS_MAX = 20_000;
export const SESSIONS_PER_CONNECTION_MAX = 2;

/** Interval of the online count, sent only when it changed. */
export const ONLINE_COUNT_EVERY_MS = 5_000;
export const ONLINE_NOTIFIED_AT_ONCE = 250;
/** Delay to the next batch: all sessions fit into one interval. */
export const ONLINE_NOTIFIED_EVERY_MS = 50;

/** Remembered used tickets; when full, tickets are refused until some expire. */
export const USED_TICKETS_MAX = 200_000;

/** UTF-16 units of all buffered offers; above it, a ticket waits without its offer. */
export const OFFER_CHARS_BUFFERED_MAX = 64 * 1024 * 1024;

/** How long a declared minor isn't asked again. */
export const AGE_REFUSED_FOR_MS = 24 * 60 * 60 * 1_000;
export const AGE_REFUSALS_MAX = 200_000;

/** Recent meetings; the oldest are evicted. */
export const ENCOUNTERS_MAX = 500_000;
/** Blocks and reports; the oldest are evicted. */
export const BLOCKS_MAX = 500_000;
/** Of one cookie; above it, that user's own oldest are evicted. */
export const BLOCKS_PER_PERSON_MAX = 2_000;

/** How long a repeated block request returns the first block: the lifetime of a receipt. */
export const BLOCKS_STORED_FOR_MS = 24 * 60 * 60 * 1_000;
export const BLOCKS_STORED_REMEMBERED_MAX = 100_000;

/** How long a second report of one seat in one call is merged with the first. */
export const REPORTS_MERGE_FOR_MS = 24 * 60 * 60 * 1_000;
export const REPORTS_REMEMBERED_MAX = 100_000;
export const REPORT_WAITERS_MAX = 8;
/** Durations of ended calls, for reports that follow within `REPORTS_MERGE_FOR_MS`. */
export const CALL_DURATIONS_MAX = 100_000;
/** Pending replies of one block: as many as the burst allows. */
export const BLOCK_WAITERS_MAX = 10;
/** Writes that clients wait for; further ones are refused as `not-stored`. */
export const PENDING_WRITES_MAX = 1_024;

/** Calls from before a restart, waiting or settled. */
export const RESTORES_MAX = 40_000;
/** Lines waiting for a seat that lacks older ones; one more releases them. */
export const BUFFERED_LINES_MAX = 64;

export const REJOINS_MAX = 8;

export const DIRECT_CHANGES_MAX = 8;

/** Video offers per seat; answers are unlimited. */
export const VIDEO_OFFERS_MAX = 3;

/** At most `burst` at once, one more each `everyMs`. Exceeds human and browser needs. */
export interface CreditLimit {
  readonly burst: number;
  readonly everyMs: number;
}

/** Shorter waits aren't counted, because the page shows no estimate before this time. */
export const USUAL_WAIT_COUNTED_FROM_MS = 5_000;
/** Minimum sample, so that no single user is visible. */
export const USUAL_WAITS_MIN = 5;
/** Weight of the newest wait in the mean. */
export const USUAL_WAIT_SHARE = 0.1;
export const USUAL_WAIT_MAX_MS = 60 * 60_000;
/** The mean expires after this time without a new wait. */
export const USUAL_WAIT_FRESH_MS = 15 * 60_000;

/** All frames of one connection, counted before parsing. */
export const FRAME_CREDITS: CreditLimit = { burst: 600, everyMs: 10 };

/** One seat's largest bursts fit into the peer's unacknowledged buffer and can't overflow it. */
export const CREDIT_LIMITS = {
  link: { burst: 120, everyMs: 100 },
  control: { burst: 60, everyMs: 200 },
  search: { burst: 10, everyMs: 2_000 },
  description: { burst: 3, everyMs: 2_000 },
  candidate: { burst: 60, everyMs: 100 },
  media: { burst: 20, everyMs: 250 },
  chat: { burst: 10, everyMs: 500 },
  replay: { burst: 256, everyMs: 20 },
  typing: { burst: 20, everyMs: 250 },
  reaction: { burst: REACTIONS_MAX, everyMs: REACTIONS_SPAN_MS / REACTIONS_MAX },
  report: { burst: 6, everyMs: 10_000 },
  block: { burst: 10, everyMs: 2_000 },
  /** Reported losses and returns of a socket during a call. */
  absence: { burst: 20, everyMs: 5_000 },
  /** Messages refused or dropped for lack of credits. */
  overdraft: { burst: 60, everyMs: 1_000 },
} as const satisfies Record<string, CreditLimit>;

export type CreditKind = keyof typeof CREDIT_LIMITS;

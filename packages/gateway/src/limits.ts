import { REACTIONS_MAX, REACTIONS_SPAN_MS } from '@farandole/protocol/limits';

/**
 * Every bound of this room, in one place, beside those of the wire (`@farandole/protocol/limits`)
 * and of the signalling filter (`signal-policy/limits.ts`). Each is tested at its value and one
 * over. Times are milliseconds of the monotonic clock unless the name says otherwise.
 */

/** Sockets of one node, unless its operator says otherwise; one more is closed as `too-many`. */
export const CONNECTIONS_MAX = 20_000;
/** Sessions a connection: those that wait detached for their socket are counted too. */
export const SESSIONS_PER_CONNECTION_MAX = 2;

/** How often the count of people online goes out, to those who were told another. */
export const ONLINE_COUNT_EVERY_MS = 5_000;
/** To so many people in one turn… */
export const ONLINE_TOLD_AT_ONCE = 250;
/** …and to the next after so long: all that a node may have are told within one interval. */
export const ONLINE_TOLD_EVERY_MS = 50;

/** Session tickets whose use is remembered; when full, no more are redeemed until some expire. */
export const USED_TICKETS_MAX = 200_000;

/** UTF-16 units of all pre-made offers together; beyond, a ticket waits without its offer. */
export const OFFER_CHARS_HELD_MAX = 64 * 1024 * 1024;

/** How long a person who said that they are under age is not asked again. */
export const AGE_REFUSED_FOR_MS = 24 * 60 * 60 * 1_000;
export const AGE_REFUSALS_MAX = 200_000;

/** Pairs of people who met lately; the oldest are forgotten first. */
export const ENCOUNTERS_MAX = 500_000;
/** Blocks, each a reason for two people not to meet; the oldest are forgotten first. */
export const BLOCKS_MAX = 500_000;

/** How long a block that is asked for again is the first one: as long as a receipt holds. */
export const BLOCKS_STORED_FOR_MS = 24 * 60 * 60 * 1_000;
export const BLOCKS_STORED_REMEMBERED_MAX = 100_000;

/** How long a second report of one side of one call finds the first. */
export const REPORTS_MERGE_FOR_MS = 24 * 60 * 60 * 1_000;
export const REPORTS_REMEMBERED_MAX = 100_000;
/** Answers that one report, while it is being written, owes. */
export const REPORT_WAITERS_MAX = 8;
/** The same of one block: as many as its asker may ask for at once. */
export const BLOCK_WAITERS_MAX = 10;
/** Records whose writing somebody waits for; one more is refused as `not-stored`. */
export const PENDING_WRITES_MAX = 1_024;

/** Calls of before a restart: those that wait for their other side, and those that are settled. */
export const RESTORES_MAX = 40_000;
/** Lines kept back from a side that still lacks older ones; at one more they are let go. */
export const HELD_LINES_MAX = 64;

/** How often the people in a call may come back to it on a new page. */
export const REJOINS_MAX = 8;

/** How often a call may change between relayed and direct. */
export const DIRECT_CHANGES_MAX = 8;

/** How often one side of a text call may offer to go on by video; to answer is always free. */
export const VIDEO_OFFERS_MAX = 3;

/**
 * Credits: at most `burst` messages at once, and one more each `everyMs`. Wide enough for any
 * hand and any browser; a program that is over the limit is told, and a program that goes on is
 * closed.
 */
export interface CreditLimit {
  readonly burst: number;
  readonly everyMs: number;
}

/** Shorter waits are no wait: a page says nothing of waiting before. */
export const USUAL_WAIT_COUNTED_FROM_MS = 5_000;
/** Fewer waits than this would tell of one person, and not of the hour. */
export const USUAL_WAITS_MIN = 5;
/** How much of the mean the newest wait is. */
export const USUAL_WAIT_SHARE = 0.1;
/** Longer waits count as this. */
export const USUAL_WAIT_MAX_MS = 60 * 60_000;
/** After so long without anybody who waited, what was usual is no longer known. */
export const USUAL_WAIT_FRESH_MS = 15 * 60_000;

/** All frames of one connection, counted before they are read. */
export const FRAME_CREDITS: CreditLimit = { burst: 600, everyMs: 10 };

/**
 * By kind. The bursts of what one side of a call can make the other be sent, each message at its
 * largest, fit together into what the other may leave unacknowledged: so nobody can drown the
 * person across.
 */
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
  /** Sockets lost in a call, of each of which the other is told, and of the return. */
  absence: { burst: 20, everyMs: 5_000 },
  /** Messages that were refused or dropped for want of credits. */
  overdraft: { burst: 60, everyMs: 1_000 },
} as const satisfies Record<string, CreditLimit>;

export type CreditKind = keyof typeof CREDIT_LIMITS;

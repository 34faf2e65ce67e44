import {
  CARDS_MAX,
  CARDS_SPAN_MS,
  EXCHANGE_SPAN_MS,
  EXCHANGE_STATES_MAX,
  REACTIONS_MAX,
  REACTIONS_SPAN_MS,
} from '@farandole/protocol/limits';

/**
 * Limits of the gateway. The limits of messages are in `@farandole/protocol/limits`, those of
 * signalling in `signal-policy/limits.ts`. Each limit is tested at its value and one above.
 * Times are monotonic milliseconds unless a comment says otherwise.
 */

/** Default maximum of sockets per node. Further sockets are closed as `too-many`. */
export const CONNECTIONS_MAX = 20_000;
export const SESSIONS_PER_CONNECTION_MAX = 2;
/** Maximum share of a node's sockets that may be *silent*, that is, haven't sent a hello. */
export const SILENT_SHARE_MAX = 0.05;
/** Number of silent sockets that a node always allows, so that small nodes accept bursts. */
export const SILENT_SOCKETS_MIN = 32;

/** Returns the maximum number of sockets without a hello on a node. */
export function silentSocketsMax(connectionsMax: number): number {
  return Math.max(SILENT_SOCKETS_MIN, Math.ceil(connectionsMax * SILENT_SHARE_MAX));
}

/**
 * Maximum number of frames that wait after a hello. The page sends two: the declaration of age and
 * a search.
 */
export const EARLY_FRAMES_MAX = 3;

/** Interval in ms at which sessions are told the number of online users, if the number changed. */
export const ONLINE_COUNT_EVERY_MS = 5_000;
export const ONLINE_NOTIFIED_AT_ONCE = 250;
/**
 * Delay between two batches of the online count. All sessions are served within
 * `ONLINE_COUNT_EVERY_MS`.
 */
export const ONLINE_NOTIFIED_EVERY_MS = 50;

/**
 * Maximum number of remembered used tickets. When the memory is full, tickets are refused until
 * some entries expire.
 */
export const USED_TICKETS_MAX = 200_000;

/**
 * Maximum length of all buffered offers in UTF-16 code units. A search above the limit continues
 * without its offer.
 */
export const OFFER_CHARS_BUFFERED_MAX = 64 * 1024 * 1024;

/** How long a user who declared to be a minor is refused without being asked again. */
export const AGE_REFUSED_FOR_MS = 24 * 60 * 60 * 1_000;
export const AGE_REFUSALS_MAX = 200_000;

/** Maximum number of recent meetings in memory. The oldest are evicted. */
export const ENCOUNTERS_MAX = 500_000;
/** Maximum number of blocks and reports in memory. The oldest are evicted. */
export const BLOCKS_MAX = 500_000;
/**
 * Maximum number of blocks and reports per cookie. Above the limit, that user's oldest entries
 * are evicted.
 */
export const BLOCKS_PER_PERSON_MAX = 2_000;

/**
 * How long a repeated block request returns the first block. Equal to the lifetime of a receipt.
 */
export const BLOCKS_STORED_FOR_MS = 24 * 60 * 60 * 1_000;
export const BLOCKS_STORED_REMEMBERED_MAX = 100_000;

/** Maximum number of invitations that a user makes, until `INVITATIONS_SPAN_MS` after the last. */
export const INVITATIONS_PER_PERSON_MAX = 5;
export const INVITATIONS_SPAN_MS = 24 * 60 * 60 * 1_000;
/** Maximum number of users whose invitations are counted. */
export const INVITERS_REMEMBERED_MAX = 100_000;

/** Maximum number of cookies and device keys whose questions are counted. */
export const ASKERS_REMEMBERED_MAX = 100_000;
/** Number of networks whose users must report a question until the question is withdrawn. */
export const QUESTION_NETWORKS_MIN = 2;
/** How long the node remembers which questions were reported. */
export const QUESTION_REPORTED_FOR_MS = 30 * 24 * 60 * 60 * 1_000;
export const QUESTIONS_REPORTED_MAX = 100_000;

/** How long a second report by the same user about the same call is merged with the first. */
export const REPORTS_MERGE_FOR_MS = 24 * 60 * 60 * 1_000;
export const REPORTS_REMEMBERED_MAX = 100_000;
export const REPORT_WAITERS_MAX = 8;
/**
 * Maximum number of remembered call durations. A report within `REPORTS_MERGE_FOR_MS` includes
 * the duration of its call.
 */
export const CALL_DURATIONS_MAX = 100_000;
/**
 * Maximum number of requests that wait for the same block to be written. Equal to the burst of
 * block credits.
 */
export const BLOCK_WAITERS_MAX = 10;
/**
 * Maximum number of pending writes that a client waits for. Further requests are refused as
 * `not-stored`.
 */
export const PENDING_WRITES_MAX = 1_024;

/**
 * Maximum number of remembered calls from before a restart, whether they wait to be restored or
 * are over.
 */
export const RESTORES_MAX = 40_000;
/**
 * Maximum number of chat lines that wait for a user who lacks older lines. If one more arrives,
 * all waiting lines are sent.
 */
export const BUFFERED_LINES_MAX = 64;

/**
 * How long a message waits for the facts of its user. Afterwards the node answers that it is busy
 * or that nothing was stored.
 */
export const FACTS_AWAITED_MS = 10_000;
/** Maximum number of messages of one session that wait for the user's facts. */
export const DEFERRED_PER_SESSION_MAX = 32;
/** Maximum length of all messages that wait for facts, in UTF-16 code units. */
export const DEFERRED_CHARS_MAX = 64 * 1024 * 1024;
/**
 * Maximum number of removed blocks that are remembered, so that an older read from the store can't
 * bring them back. Reads that began before the oldest remembered removal are refused.
 */
export const REMOVALS_REMEMBERED_MAX = 10_000;

/** How long the home of a match waits for the session of another node. */
export const GIVEN_WITHIN_MS = 2_000;
/**
 * Generations that a node skips when it keeps a session after a fence: more than a session can use
 * on other nodes while its home is fenced.
 */
export const GENERATIONS_SKIPPED = 1_000;
/** A fenced node extends a user's grace period by the time of its fence, up to this. */
export const GRACE_PAUSED_MAX_MS = 60_000;
/** A draining node with other nodes sends users without a call away within this time. */
export const MOVE_AWAY_MS = 5_000;

export const REJOINS_MAX = 8;

export const DIRECT_CHANGES_MAX = 8;

/** How often a user may ask for the next mode of a call. Answers are unlimited. */
export const RUNG_REQUESTS_MAX = 2;
/** Time between two such requests of a user. */
export const RUNG_REQUEST_PAUSE_MS = 60_000;

/**
 * A rate limit: at most `burst` messages at once, and one more every `everyMs` ms. Every limit
 * exceeds what people and browsers need.
 */
export interface CreditLimit {
  readonly burst: number;
  readonly everyMs: number;
}

/**
 * Waits below this time don't enter the mean waiting time, because the page shows an estimate
 * only after this time.
 */
export const USUAL_WAIT_COUNTED_FROM_MS = 5_000;
/** Minimum number of waits in a published mean, so that no single user's wait can be recognized. */
export const USUAL_WAITS_MIN = 5;
/** Weight of the newest wait in the exponentially weighted mean. */
export const USUAL_WAIT_SHARE = 0.1;
export const USUAL_WAIT_MAX_MS = 60 * 60_000;
/** The mean waiting time is discarded after this time without a new wait. */
export const USUAL_WAIT_FRESH_MS = 15 * 60_000;

/** How long before a bell the users of a call are notified of it. */
export const BELL_NOTICE_MS = 35_000;
/** A bell ends a call only if both pages showed it at least this long before. */
export const BELL_SHOWN_MS = 30_000;
/** A call younger than this at the bell continues until the next bell. */
export const BELL_SPARES_MS = 120_000;
/** Time after which a search without a match is lonely, so that others are notified of it. */
export const LONELY_AFTER_MS = 5_000;
/** Maximum number of connected users that get no notification, because they are here. */
export const LONELY_ONLINE_MAX = 50;

/** Rate limit for all frames of one connection. Frames are counted before they are parsed. */
export const FRAME_CREDITS: CreditLimit = { burst: 600, everyMs: 10 };

/**
 * Rate limits per message kind. The largest bursts of one user fit into the peer's buffer of
 * unacknowledged frames, so no user can overflow the peer.
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
  card: { burst: CARDS_MAX, everyMs: CARDS_SPAN_MS / CARDS_MAX },
  exchange: { burst: EXCHANGE_STATES_MAX, everyMs: EXCHANGE_SPAN_MS / EXCHANGE_STATES_MAX },
  invitation: { burst: 3, everyMs: 10_000 },
  report: { burst: 6, everyMs: 10_000 },
  block: { burst: 10, everyMs: 2_000 },
  /** Presence changes sent to the peer when a user loses a socket or returns during a call. */
  absence: { burst: 20, everyMs: 5_000 },
  /** Messages that were refused or dropped because they exceeded another rate limit. */
  overdraft: { burst: 60, everyMs: 1_000 },
} as const satisfies Record<string, CreditLimit>;

export type CreditKind = keyof typeof CREDIT_LIMITS;

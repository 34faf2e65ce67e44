/** Bounds of this package. Each is tested at the limit and one over; times are milliseconds. */

export const TICK_EVERY_MS = 50;

export const LEASE_DURATION_MS = 5_000;
/** Renewal interval: allows three tries per grant. */
export const LEASE_RENEW_AFTER_MS = 1_500;
/** The holder stops writing this long before its grant ends, to tolerate clock drift. */
export const LEASE_MARGIN_MS = 500;
/** Interval between lease requests of other nodes. */
export const LEASE_RETRY_AFTER_MS = 1_000;

/** Minimum heartbeat interval of both ends of a lane; reveals lost messages. */
export const LANE_BEAT_MS = 1_000;
/** The pool drops a node's tickets after this much silence. */
export const NODE_SILENT_MS = 5_000;

/**
 * Messages queued between two drains. All tickets of a full pool fit when resubmitted at a new
 * epoch; excess messages are dropped, and their lane detects the gap.
 */
export const BROKER_MESSAGES_MAX = 262_144;

/** How long the pool remembers matches, to resend them to a node that may have missed them. */
export const MATCH_REMEMBERED_MS = 60_000;
export const MATCHES_REMEMBERED_MAX = 100_000;

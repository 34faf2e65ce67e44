/**
 * Every bound of this room, in one place. Each is tested at the limit and one over.
 *
 * Sizes count what their name says; times are milliseconds.
 */

/** How often a node looks at its deadlines: the only timer that it has. */
export const TICK_EVERY_MS = 50;

/** How long a grant of the pool's lease lasts unless it is renewed. */
export const LEASE_DURATION_MS = 5_000;
/** A holder renews this long after it last asked: three tries fit into one grant. */
export const LEASE_RENEW_AFTER_MS = 1_500;
/**
 * A holder stops writing this long before its grant ends: clocks of two machines that count the
 * same five seconds may differ by that much.
 */
export const LEASE_MARGIN_MS = 500;
/** Who does not hold the lease asks for it so often. */
export const LEASE_RETRY_AFTER_MS = 1_000;

/** Both ends of a lane say something at least so often, so that a lost message is missed. */
export const LANE_BEAT_MS = 1_000;
/** The pool drops the tickets of a node from which it heard nothing for so long. */
export const NODE_SILENT_MS = 5_000;

/**
 * Messages that a broker holds between two drains. All tickets of a full pool, submitted again at
 * a new epoch, fit; what comes on top is dropped, and missed by its lane.
 */
export const BROKER_MESSAGES_MAX = 262_144;

/** How long the pool remembers a match, to tell it again to a node that may have missed it. */
export const MATCH_REMEMBERED_MS = 60_000;
/** Matches remembered so; the oldest give way. */
export const MATCHES_REMEMBERED_MAX = 100_000;

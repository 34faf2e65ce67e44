/**
 * Limits of the cluster package. Times are in milliseconds. Tests check each limit at its value
 * and one above.
 */

export const TICK_EVERY_MS = 50;

export const LEASE_DURATION_MS = 5_000;
/** Interval between renewals of a lease. It allows three tries before a grant ends. */
export const LEASE_RENEW_AFTER_MS = 1_500;
/** The holder stops writing this long before its grant ends, to tolerate clock drift. */
export const LEASE_MARGIN_MS = 500;
/** Maximum interval between the lease requests of a node that doesn't hold the lease. */
export const LEASE_RETRY_AFTER_MS = 1_000;
/** Delay between the requests of nodes of neighbouring ranks for a lease that becomes free. */
export const LEASE_RANK_MS = 200;

/**
 * Minimum interval between heartbeats on a lane. A heartbeat reveals that an earlier message was
 * lost.
 */
export const LANE_BEAT_MS = 1_000;
/** The pool's writer drops a node's tickets after this much silence from the node. */
export const NODE_SILENT_MS = 5_000;

/**
 * Maximum number of messages that the broker queues between two drains. It is large enough to
 * resubmit all tickets of a full pool at a new epoch. The broker drops messages above it, and
 * the receiver then detects the gap.
 */
export const BROKER_MESSAGES_MAX = 262_144;

/**
 * How long a pool's writer remembers matches, to resend them to nodes that may have missed them.
 */
export const MATCH_REMEMBERED_MS = 60_000;
export const MATCHES_REMEMBERED_MAX = 100_000;

/** Interval between a node's beats to the other nodes. */
export const NODE_BEAT_MS = 1_000;
/** A node counts another as gone when no beat of it was seen for this long. */
export const NODE_GONE_MS = 5_000;
/** A node that has completed no beat for this long neither writes pools nor speaks to others. */
export const NODE_FENCE_MS = 4_000;
/** A node replaces its connections to Valkey if a beat isn't answered for this long. */
export const NODE_BEAT_TIMEOUT_MS = 3_000;
/** The messages between two nodes are counted as lost after this much silence. */
export const NODE_LANE_SILENT_MS = 10_000;
/** Largest number of users with a socket that a node's beat may announce. */
export const ONLINE_MAX = 10_000_000;
/** Maximum difference between a node's date and Valkey's. */
export const NODE_CLOCK_OFF_MS = 5_000;
/** Number of beats in a row at which a node's date must be off before the node reports it. */
export const CLOCK_OFF_BEATS = 3;

/** Time limit of one attempt to connect to Valkey. */
export const WIRE_CONNECT_MS = 3_000;
/** A Sentinel must answer within this time. Otherwise the node asks the next one. */
export const SENTINEL_ANSWER_MS = 1_000;
/** Delay before the next attempt to connect to Valkey. */
export const WIRE_RETRY_MS = 200;
/**
 * Minimum interval between two batches to a node that carry only frames. Many frames then share a
 * batch, which costs the nodes and Valkey as much as seventy frames in it. The first frame after a
 * pause doesn't wait.
 */
export const FRAMES_SENT_EVERY_MS = 40;
/** Characters of the messages in one batch to another node. A longer message is sent alone. */
export const BATCH_CHARS_MAX = 1_048_576;
/** How long the end of a lease is known, from which a node's delay counts. */
export const LEASE_ENDED_KEPT_MS = 60_000;

/** Version of the messages between nodes. A node of another version can't join. */
export const CLUSTER_VERSION = '1';
/** How long after the last beat of a node with these keys nodes with other keys can't join. */
export const KEYS_REMEMBERED_MS = 60_000;

/** A node that gave a session away asks this often whether the other node took it. */
export const MOVE_ASKED_EVERY_MS = 250;
/**
 * How long a node that gave a session away tells askers that the session moves. It is longer than
 * one message can take to one node than to another.
 */
export const GIVEN_LATELY_MS = 2_000;
/**
 * How long after a node took a session the giver may not know it, because the messages between them
 * were lost and the node is fenced since.
 */
export const TAKEN_UNSURE_MS = NODE_LANE_SILENT_MS + NODE_FENCE_MS;
/** How long a node remembers which generations of a session it took or refused. */
export const MOVE_REMEMBERED_MS = 60_000;
/** Maximum number of a page's frames that wait while its session moves. */
export const MOVING_FRAMES_MAX = 64;
/** Maximum size in bytes of a page's frames that wait while its session moves. */
export const MOVING_BYTES_MAX = 256 * 1024;
/** A question to all nodes that isn't answered completely is asked again after this time. */
export const QUESTION_REPEATED_EVERY_MS = 250;
/** The sockets of a node that can't be reached are closed within this time, so that pages spread. */
export const SOCKETS_CLOSED_WITHIN_MS = 2_000;
/** How long a pool doesn't propose a pair that an owner rejected as not allowed to meet. */
export const REJECTED_REMEMBERED_MS = 10_000;
export const REJECTED_PAIRS_MAX = 10_000;
/**
 * A node opens and resumes no session of an unknown user until it has been a member for this long.
 * Other nodes may not know it before, or it may not know them.
 */
export const MEMBER_SETTLES_MS = 2_000;

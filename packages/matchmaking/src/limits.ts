/** Limits of this package, each tested at the limit and one above it. Times are in milliseconds. */

/** Maximum number of interests of a ticket, counted before duplicates are merged. */
export const TICKET_INTERESTS_MAX = 5;
export const INTEREST_CODE_POINTS_MAX = 32;
/**
 * Maximum length of an interest in UTF-16 code units before normalization, which can expand one
 * code point to eighteen (U+FDFA).
 */
export const INTEREST_TEXT_UNITS_MAX = 128;
/** Maximum number of languages of a ticket, counted before duplicates are merged. */
export const TICKET_LANGUAGES_MAX = 5;
/** Maximum length of a language tag in UTF-16 code units. RFC 5646, 4.4.1 requires at least 35. */
export const LANGUAGE_UNITS_MAX = 35;
/**
 * Maximum numbers of languages that the user of an exchange speaks and learns. Their sum is at most
 * `TICKET_LANGUAGES_MAX`, so that the pool can index all of them.
 */
export const EXCHANGE_SPEAKS_MAX = 3;
export const EXCHANGE_LEARNS_MAX = 2;
/** Maximum length of a mode's or age band's name in UTF-16 code units. */
export const NAME_UNITS_MAX = 32;
/** The largest 31-bit integer, which every store can hold. */
export const POLICY_VERSION_MAX = 2_147_483_647;

export const REMATCH_COOLDOWN_MS = 600_000;
/** How long a block or report keeps its author apart from new users of the other's network. */
export const NETWORK_APART_MS = 24 * 60 * 60 * 1_000;
/** A user is new to a block if first seen less than this long before the block, or after it. */
export const NETWORK_NEW_MS = 60 * 60 * 1_000;
/**
 * Maximum number of later blocks or reports of one pair under one key, each with another device
 * key or network or on a later day. The oldest are evicted.
 */
export const SEPARATION_REPEATS_MAX = 8;
/** Maximum number of users whose first visit is remembered. Forgotten users count as new. */
export const SEEN_MAX = 200_000;
/**
 * Maximum numbers of names that a ticket brings to a pool on another node: of blocked users, of
 * their networks, and of users met. The newest are brought. The user's own node knows all of them.
 */
export const TICKET_APART_MAX = 4_096;
export const TICKET_NEAR_MAX = 256;
export const TICKET_MET_MAX = 512;
/**
 * An interest counts as common if at least this many people used it within `TAG_USED_WITHIN_MS`.
 * A rare one gives "only people who share one" no priority.
 */
export const TAG_PEOPLE_MIN = 5;
export const TAG_USED_WITHIN_MS = 60 * 60 * 1_000;
/** Maximum number of interests whose use is remembered. The least recently used are forgotten. */
export const TAGS_REMEMBERED_MAX = 100_000;

/** Below this number of waiting tickets a crowd is quiet, and its tickets hold wishes shorter. */
export const QUIET_BELOW = 20;

/** Time in which both owners of a proposal's tickets must confirm it. */
export const PROPOSAL_TIMEOUT_MS = 2_000;

/** How long a pool remembers which private meetings are over. */
export const MEETING_REMEMBERED_MS = 24 * 60 * 60 * 1_000;
/** Maximum number of private meetings that a pool remembers. The oldest are forgotten. */
export const MEETINGS_REMEMBERED_MAX = 100_000;

/** Maximum number of waiting and proposed tickets in a pool. Further tickets are refused. */
export const POOL_TICKETS_MAX = 200_000;
export const LIST_PROBES_PER_ATTEMPT_MAX = 32;
/**
 * Maximum number of candidates examined in one wave of matching attempts. Examining a candidate
 * takes tens of nanoseconds, so a wave blocks the event loop for a few milliseconds.
 */
export const WAVE_PROBES_MAX = 32_768;
/** How long a ticket that found no partner among all others pauses before it searches again. */
export const RETRY_AFTER_MS = 5_000;

/** Time between two bells of an hour. */
export const ROUND_MS = 8 * 60_000;
/** How long the pool waits after a bell, so that the users of the ended calls are there too. */
export const ROUND_GATHER_MS = 2_000;
/** Maximum number of hard-rule checks in one attempt to find a group for one ticket. */
export const GROUP_PROBES_PER_ATTEMPT_MAX = 512;
/** How long a ticket without a group pauses, unless another ticket enters before. */
export const GROUP_RETRY_AFTER_MS = 1_000;

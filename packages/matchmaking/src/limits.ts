/** Bounds of this package. Each is tested at the limit and one over; times are milliseconds. */

/** Counted before duplicates are merged. */
export const TICKET_INTERESTS_MAX = 5;
export const INTEREST_CODE_POINTS_MAX = 32;
/** UTF-16 units before normalization, which can expand a code point to eighteen (U+FDFA). */
export const INTEREST_TEXT_UNITS_MAX = 128;
/** Counted before duplicates are merged. */
export const TICKET_LANGUAGES_MAX = 5;
/** UTF-16 units; RFC 5646 section 4.4.1 requires at least 35. */
export const LANGUAGE_UNITS_MAX = 35;
/** UTF-16 units of a mode or age band name. */
export const NAME_UNITS_MAX = 32;
/** A 31-bit integer fits every store. */
export const POLICY_VERSION_MAX = 2_147_483_647;

export const SEATS_PAIRED = 2;

export const REMATCH_COOLDOWN_MS = 600_000;
/** How long a block or report also concerns the network of the other. */
export const NETWORK_APART_MS = 24 * 60 * 60 * 1_000;
/** People of that network first seen later than this before it are kept apart. */
export const NETWORK_NEW_MS = 60 * 60 * 1_000;
/** People whose first visit is remembered; those not seen for longest count as new. */
export const SEEN_MAX = 200_000;
/** An interest used by fewer people within the time gives "only shared" no priority. */
export const TAG_PEOPLE_MIN = 5;
export const TAG_USED_WITHIN_MS = 60 * 60 * 1_000;
/** Interests whose use is remembered; the least recently used are forgotten. */
export const TAGS_REMEMBERED_MAX = 100_000;

/** Time for both owners to confirm a proposal. */
export const PROPOSAL_TIMEOUT_MS = 2_000;

/** Waiting and proposed tickets of a pool; further ones are refused. */
export const POOL_TICKETS_MAX = 200_000;
export const LIST_PROBES_PER_ATTEMPT_MAX = 32;
/** A probe takes tens of nanoseconds, so a wave blocks the event loop for a few milliseconds. */
export const WAVE_PROBES_MAX = 32_768;
/** Rest of an unmatched ticket before its next pass. */
export const RETRY_AFTER_MS = 5_000;

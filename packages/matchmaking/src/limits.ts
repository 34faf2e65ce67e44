/**
 * Every bound of this room, in one place. Each is tested at the limit and one over.
 *
 * Sizes count what their name says; times are milliseconds.
 */

/** Interests a ticket may bring, counted before equal ones are merged. */
export const TICKET_INTERESTS_MAX = 5;
/** Code points of an interest after normalising. */
export const INTEREST_CODE_POINTS_MAX = 32;
/**
 * UTF-16 units of an interest before normalising. One code point may become eighteen (U+FDFA),
 * so the work is bounded by what comes in and not only by what comes out.
 */
export const INTEREST_TEXT_UNITS_MAX = 128;
/** Languages a ticket may bring, counted before equal ones are merged. */
export const TICKET_LANGUAGES_MAX = 5;
/** UTF-16 units of a language tag; RFC 5646 section 4.4.1 asks software to take at least 35. */
export const LANGUAGE_UNITS_MAX = 35;
/** UTF-16 units of the name of a mode or of an age band. */
export const NAME_UNITS_MAX = 32;
/** The largest policy version: a 31-bit integer leaves no room for surprises in any store. */
export const POLICY_VERSION_MAX = 2_147_483_647;

/** Seats of a mode: the pool finds two people at a time. */
export const SEATS_PAIRED = 2;

/** How long two people who met are kept apart. */
export const REMATCH_COOLDOWN_MS = 600_000;
/** How long both owners of a proposed pair have to confirm before it is abandoned. */
export const PROPOSAL_TIMEOUT_MS = 2_000;

/** Tickets one pool holds, waiting and proposed together; one more is refused. */
export const POOL_TICKETS_MAX = 200_000;
/** Entries of one list that a ticket looks at in one turn. */
export const LIST_LOOKS_PER_TURN_MAX = 32;
/**
 * Looks that a wave may spend. A look costs some tens of nanoseconds, so that a wave holds a
 * node's loop for a few milliseconds at most, however many wait and whoever they are.
 */
export const WAVE_LOOKS_MAX = 32_768;
/** How long a ticket that found nobody rests before it looks at everybody again. */
export const RETRY_AFTER_MS = 5_000;

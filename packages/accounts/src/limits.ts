/** Every bound of this package. Each is tested at the limit and one over; times are milliseconds. */

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** UTF-16 units of a member's name. */
export const MEMBER_NAME_UNITS_MAX = 80;
/** A member who does nothing is signed out after so long… */
export const SESSION_IDLE_MS = 30 * MINUTE_MS;
/** …and everybody after so long, whatever they do: a shift. */
export const SESSION_MS_MAX = 12 * HOUR_MS;
/** That a session was used is written down no more often. */
export const SESSION_SEEN_EVERY_MS = MINUTE_MS;
/** Sessions of one member at a time; one more ends the oldest. */
export const SESSIONS_MAX = 10;
/** What changes how one signs in is asked for within so long of signing in. */
export const FRESH_SIGN_IN_MS = 10 * MINUTE_MS;
/** How long a link that lets somebody in can be used. */
export const SIGN_IN_LINK_MS = HOUR_MS;
/** How long a passkey may take to answer. */
export const CHALLENGE_MS = 5 * MINUTE_MS;
/** Passkeys of one member. */
export const PASSKEYS_MAX = 10;
/** UTF-16 units of what a member calls a passkey. */
export const PASSKEY_LABEL_UNITS_MAX = 60;
/** Wrong attempts at one name that cost nothing; each after them doubles the wait, from a second… */
export const ATTEMPTS_FREE = 5;
/** …to this. */
export const ATTEMPT_WAIT_MS_MAX = 15 * MINUTE_MS;
/** Attempts are forgotten when nobody has made another for so long. */
export const ATTEMPTS_KEPT_MS = DAY_MS;
/** Codes of one use that stand in for a lost authenticator. */
export const RECOVERY_CODES = 10;

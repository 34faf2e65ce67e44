/**
 * Limits of the accounts package. Times are in milliseconds. Tests check each limit at its value
 * and one above.
 */

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Length in UTF-16 code units. */
export const MEMBER_NAME_UNITS_MAX = 80;
/** A console session ends after this time without activity. */
export const SESSION_IDLE_MS = 30 * MINUTE_MS;
export const SESSION_MS_MAX = 12 * HOUR_MS;
/** Minimum interval between two updates of the time at which a session was last used. */
export const SESSION_SEEN_EVERY_MS = MINUTE_MS;
export const SESSIONS_MAX = 10;
/** A member may change their sign-in methods only within this time after signing in. */
export const FRESH_SIGN_IN_MS = 10 * MINUTE_MS;
export const SIGN_IN_LINK_MS = HOUR_MS;
export const CHALLENGE_MS = 5 * MINUTE_MS;
export const PASSKEYS_MAX = 10;
/** Length in UTF-16 code units. */
export const PASSKEY_LABEL_UNITS_MAX = 60;
/**
 * Failed attempts per name without a delay. Each further attempt doubles the delay, starting at
 * 1 s.
 */
export const ATTEMPTS_FREE = 5;
/** Maximum delay before a name may be tried again after failed sign-ins. */
export const ATTEMPT_WAIT_MS_MAX = 15 * MINUTE_MS;
/** The count of failed sign-ins for a name is deleted this long after the last attempt. */
export const ATTEMPTS_KEPT_MS = DAY_MS;
/** Number of recovery codes of a member. Each code replaces a lost authenticator once. */
export const RECOVERY_CODES = 10;

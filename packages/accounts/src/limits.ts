/** Bounds of this package. Each is tested at the limit and one over; times are milliseconds. */

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** UTF-16 units. */
export const MEMBER_NAME_UNITS_MAX = 80;
/** Idle sessions end after this time. */
export const SESSION_IDLE_MS = 30 * MINUTE_MS;
export const SESSION_MS_MAX = 12 * HOUR_MS;
/** Minimum interval between stored updates of a session's last use. */
export const SESSION_SEEN_EVERY_MS = MINUTE_MS;
export const SESSIONS_MAX = 10;
/** Changing sign-in methods requires a sign-in at most this old. */
export const FRESH_SIGN_IN_MS = 10 * MINUTE_MS;
export const SIGN_IN_LINK_MS = HOUR_MS;
export const CHALLENGE_MS = 5 * MINUTE_MS;
export const PASSKEYS_MAX = 10;
/** UTF-16 units. */
export const PASSKEY_LABEL_UNITS_MAX = 60;
/** Failed attempts per name without a delay; each further one doubles the wait, starting at 1 s. */
export const ATTEMPTS_FREE = 5;
/** Upper limit of that wait. */
export const ATTEMPT_WAIT_MS_MAX = 15 * MINUTE_MS;
/** Attempts are deleted this long after the last one. */
export const ATTEMPTS_KEPT_MS = DAY_MS;
/** Single-use codes that replace a lost authenticator. */
export const RECOVERY_CODES = 10;

/**
 * How long an attempt may be silent, from its start and from each answer, by the number of earlier
 * failures, repeating. Short, since a hang mostly means a lost network; sometimes longer, for a
 * slow one.
 */
export const ATTEMPT_SILENCES_MS = [3_000, 3_000, 3_000, 6_000] as const;
/**
 * Upper bound while a search or call waits that the server still holds: it resumes within five
 * seconds of the network's return. A parallel attempt is impossible, since a browser opens one
 * socket to an address at a time (RFC 6455, 4.1).
 */
export const URGENT_SILENCE_MS = 3_000;
/** Longest delay between the starts of two attempts, by the number of failures. */
export const RETRY_CEILINGS_MS = [100, 400, 1_000] as const;
/** Longest delay after more failures, while a search or call waits. */
export const URGENT_RETRY_CEILING_MS = 1_500;
/** Longest delay after more failures, without a search or call. */
export const IDLE_RETRY_CEILING_MS = 15_000;
/** Minimum delay after the server asked for a pause. */
export const CALM_RETRY_FLOOR_MS = 5_000;
/** Minimum jitter after the server asked for a pause. */
export const CALM_RETRY_SPREAD_MS = 5_000;
/** Without a session for this long, the page stops until the user retries. */
export const GIVE_UP_AFTER_MS = 15 * 60_000;
/** A session that lasted this long resets the count of failures. */
export const STABLE_AFTER_MS = 5_000;
/** When the network returns, an older attempt is probably stuck. */
export const STALE_ATTEMPT_MS = 500;
/** Below this the number of users online isn't shown. */
export const ONLINE_SHOWN_FROM = 20;

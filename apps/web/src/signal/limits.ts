/**
 * Timeout of each step of a connection attempt, by the number of earlier failures. The list
 * repeats. The timeouts are short, because a missing answer usually means a lost network; every
 * fourth is longer, for slow networks.
 */
export const ATTEMPT_SILENCES_MS = [3_000, 3_000, 3_000, 6_000] as const;
/**
 * Upper limit of a step's timeout while the server keeps a search or call for this user. It lets
 * the page resume within five seconds after the network has returned. Attempts can't run in
 * parallel, because a browser opens only one socket to an address at a time (RFC 6455, 4.1).
 */
export const URGENT_SILENCE_MS = 3_000;
/** Longest delay between the starts of two attempts, by the number of failures. */
export const RETRY_CEILINGS_MS = [100, 400, 1_000] as const;
/** Longest delay after more failures than `RETRY_CEILINGS_MS` lists, during a search or call. */
export const URGENT_RETRY_CEILING_MS = 1_500;
/** Longest delay after more failures than `RETRY_CEILINGS_MS` lists, without a search or call. */
export const IDLE_RETRY_CEILING_MS = 15_000;
/** Minimum delay if the server asked the page to wait. */
export const CALM_RETRY_FLOOR_MS = 5_000;
/** Minimum range of the random delay that is added if the server asked the page to wait. */
export const CALM_RETRY_SPREAD_MS = 5_000;
/** If there is no session for this long, the page stops trying until the user retries. */
export const GIVE_UP_AFTER_MS = 15 * 60_000;
/** A session that lasted this long resets the number of failures. */
export const STABLE_AFTER_MS = 5_000;
/** When the network returns, an older attempt is replaced, because it is probably stuck. */
export const STALE_ATTEMPT_MS = 500;
/** The number of users online is shown only from this number on. */
export const ONLINE_SHOWN_FROM = 20;

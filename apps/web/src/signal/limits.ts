/**
 * Timeout in ms of each step of a connection attempt, indexed by the number of earlier failures.
 * The list repeats. The timeouts are short, because a missing answer usually means a lost
 * network. Every fourth timeout is longer, for slow networks.
 */
export const ATTEMPT_SILENCES_MS = [3_000, 3_000, 3_000, 6_000] as const;
/**
 * Upper limit in ms of a step's timeout while the server keeps a search or call for this user,
 * so that the page resumes within five seconds after the network has returned. Attempts can't
 * run in parallel, because a browser opens only one socket to an address at a time (RFC 6455,
 * 4.1).
 */
export const URGENT_SILENCE_MS = 3_000;
/**
 * Maximum delays in ms between the starts of two connection attempts, indexed by the number of
 * failures.
 */
export const RETRY_CEILINGS_MS = [100, 400, 1_000] as const;
/**
 * Maximum delay in ms between connection attempts after more failures than `RETRY_CEILINGS_MS`
 * lists, while a search, a call or a message waits.
 */
export const URGENT_RETRY_CEILING_MS = 1_500;
/**
 * Maximum delay in ms between connection attempts after more failures than `RETRY_CEILINGS_MS`
 * lists, while nothing waits.
 */
export const IDLE_RETRY_CEILING_MS = 15_000;
/** Minimum delay in ms before the next connection attempt if the server asked the page to wait. */
export const CALM_RETRY_FLOOR_MS = 5_000;
/** Minimum range in ms of the random delay that is added if the server asked the page to wait. */
export const CALM_RETRY_SPREAD_MS = 5_000;
/** Time in ms without a session after which the page stops connecting until the user retries. */
export const GIVE_UP_AFTER_MS = 15 * 60_000;
/** Duration in ms of a session after which the number of connection failures is reset. */
export const STABLE_AFTER_MS = 5_000;
/**
 * Age in ms of a connection attempt from which it is replaced when the network returns, because
 * it is probably stuck.
 */
export const STALE_ATTEMPT_MS = 500;
/** Number of online users from which the page shows it. */
export const ONLINE_SHOWN_FROM = 20;

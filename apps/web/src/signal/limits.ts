/** What the page's side of the link allows itself. What both sides must agree on is the protocol's. */

/**
 * A try to open a session may hear nothing for so long, from its beginning and from each answer on,
 * by the number of tries that failed before it, over and over. Short, since one that hangs is mostly
 * in a network that has just gone; and now and then longer, since the network may be there and slow.
 */
export const ATTEMPT_SILENCES_MS = [3_000, 3_000, 3_000, 6_000] as const;
/**
 * …and never longer than this where a search or a call waits that the node still keeps: it goes on
 * within five seconds of the network's return. No second try can begin beside one that hangs, since
 * a browser opens one socket to an address at a time (RFC 6455, 4.1).
 */
export const URGENT_SILENCE_MS = 3_000;
/** The longest pause between the beginnings of two tries, by the number that failed before… */
export const RETRY_CEILINGS_MS = [100, 400, 1_000] as const;
/** …and from then on, while somebody waits for it… */
export const URGENT_RETRY_CEILING_MS = 1_500;
/** …or nobody does. */
export const IDLE_RETRY_CEILING_MS = 15_000;
/** Where the node asked for calm, no try comes before this… */
export const CALM_RETRY_FLOOR_MS = 5_000;
/** …and its jitter is at least so wide. */
export const CALM_RETRY_SPREAD_MS = 5_000;
/** After so long without a session the page stops trying until the person asks. */
export const GIVE_UP_AFTER_MS = 15 * 60_000;
/** A session that stood so long was a success: the next trouble starts counting anew. */
export const STABLE_AFTER_MS = 5_000;
/** When the network comes back, a try that is older than this is likely stuck in the old one. */
export const STALE_ATTEMPT_MS = 500;
/** Below this, the number of people online is not shown: it says more about the hour than the site. */
export const ONLINE_SHOWN_FROM = 20;

/** Own unacknowledged lines: the server accepts as many at once. */
export const PENDING_LINES_MAX = 10;
/** Lines replayed to a new page of the peer. */
export const REPLAYED_LINES_MAX = 100;
/** Characters replayed, so that they fit into the send buffer. */
export const REPLAYED_CHARS_MAX = 40 * 1_024;
/** Lines queued while offline. Further text stays in the box. */
export const OFFLINE_LINES_MAX = 3;
/** A peer without activity for this long is shown as quiet. */
export const QUIET_FROM_MINUTES = 2;
/** After this long the notice is hidden. */
export const QUIET_SHOWN_MINUTES_MAX = 60;
/** Repeats "typing" well before the previous one expires at the peer. */
export const TYPING_AGAIN_AFTER_MS = 2_500;

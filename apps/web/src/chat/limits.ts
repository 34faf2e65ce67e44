/**
 * Maximum number of a user's chat lines that the server hasn't acknowledged. The server has the
 * same limit.
 */
export const PENDING_LINES_MAX = 10;
/** Maximum number of chat lines that are sent to a page that the peer has newly loaded. */
export const REPLAYED_LINES_MAX = 100;
/**
 * Maximum number of UTF-16 code units of chat that are sent to a page that the peer has newly
 * loaded. They must fit into the send buffer.
 */
export const REPLAYED_CHARS_MAX = 40 * 1_024;
/**
 * Maximum number of chat lines that wait while there is no session. Further text stays in the
 * message box.
 */
export const OFFLINE_LINES_MAX = 3;
/** A peer who has been inactive for this many minutes is shown as quiet. */
export const QUIET_FROM_MINUTES = 2;
/** After this many minutes the notice that the peer is quiet is hidden. */
export const QUIET_SHOWN_MINUTES_MAX = 60;
/**
 * While the user types, the page sends "typing" again after this time. The peer's indicator would
 * expire much later.
 */
export const TYPING_AGAIN_AFTER_MS = 2_500;

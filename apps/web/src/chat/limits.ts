/** Maximum number of own unacknowledged lines. The server has the same limit. */
export const PENDING_LINES_MAX = 10;
/** Maximum number of lines sent to the peer's new page. */
export const REPLAYED_LINES_MAX = 100;
/** Maximum number of characters sent to the peer's new page. They must fit into the send buffer. */
export const REPLAYED_CHARS_MAX = 40 * 1_024;
/** Maximum number of lines queued without a session. Further text stays in the message box. */
export const OFFLINE_LINES_MAX = 3;
/** A peer without activity for this many minutes is shown as quiet. */
export const QUIET_FROM_MINUTES = 2;
/** The notice about a quiet peer is hidden after this many minutes. */
export const QUIET_SHOWN_MINUTES_MAX = 60;
/** "Typing" is repeated after this time, well before it expires at the peer. */
export const TYPING_AGAIN_AFTER_MS = 2_500;

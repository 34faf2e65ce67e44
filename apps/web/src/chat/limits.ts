/** What the page's side of a chat allows itself. What both sides must agree on is the protocol's. */

/** Lines of one's own on their way: what the node takes at once. */
export const PENDING_LINES_MAX = 10;
/** To a new page of the other person at most so many lines are said again… */
export const REPLAYED_LINES_MAX = 100;
/** …of so many characters: all together fit into what a page may have under way. */
export const REPLAYED_CHARS_MAX = 40 * 1_024;
/** Lines kept for later while the link is lost; what is too much stays in the box. */
export const OFFLINE_LINES_MAX = 3;
/** Somebody of whom nothing was heard for so long is said to be quiet; in whole minutes. */
export const QUIET_FROM_MINUTES = 2;
/** And told of no longer, where nobody reads it any more. */
export const QUIET_TOLD_MINUTES_MAX = 60;
/** "Typing" is said anew after so long while somebody types: well within what it lasts. */
export const TYPING_AGAIN_AFTER_MS = 2_500;

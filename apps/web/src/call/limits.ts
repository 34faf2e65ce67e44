/** Limits of a call that only the page uses. Shared limits are in the protocol package. */

/** A match is shown after this time, even if its picture hasn't arrived. */
export const SHOW_MATCH_WITHIN_MS = 200;
/** Two presses of Next within this time count as one, because they are a double click. */
export const NEXT_GUARD_MS = 350;
/** Esc within this time after Next doesn't stop the search. */
export const ESCAPE_GUARD_MS = 1_000;
/** Esc within this time after a match stops the search instead of pressing Next. */
export const MET_GUARD_MS = 400;
/** A press of Next within this time after the previous one counts as quick. */
export const QUICK_NEXT_MS = 10_000;
/** How long the question "Really?" is shown. */
export const NEXT_CONFIRM_MS = 3_000;
/** A call that isn't connected after this time has failed. */
export const CONNECT_TIMEOUT_MS = 8_000;
/** After this many failed connections in a row, no new search starts automatically. */
export const CONNECT_RETRIES_MAX = 3;
/** Retry delay if the server's refusal names none. */
export const RETRY_AFTER_MS = 3_000;
/** Retry delay while the node is still ending an earlier call or search. */
export const BUSY_RETRY_AFTER_MS = 500;
/** After this time of interruption the page says that media might not come back. */
export const STUCK_AFTER_MS = 15_000;
/** Longest time that a search waits for its WebRTC offer and the candidates. */
export const OFFER_READY_WITHIN_MS = 150;
/** Maximum length of an offer as JSON, so that it fits into a frame with the rest of a ticket. */
export const OFFER_CHARS_MAX = 14 * 1024;
/** After this time of searching with a filter, the page offers to match with anyone. */
export const ANYONE_AFTER_MS = 8_000;
/** Delay before an ICE restart. A `disconnected` path often recovers within this time. */
export const RESTART_AFTER_MS = 2_000;
/** Delay between further ICE restarts. */
export const RESTART_PAUSE_MS = 4_000;
/**
 * Longest wait for fresh TURN credentials. After that the old ones are used, because they may still
 * work.
 */
export const ICE_SERVERS_WITHIN_MS = 1_500;
/** ICE servers are refreshed if they expire within this time. */
export const ICE_SERVERS_MARGIN_MS = 60_000;
/** Width of the cover's image in pixels. It is so small that nothing can be recognised. */
export const COVER_PIXELS = 16;
export const COVER_EVERY_MS = 200;
/** Lifetime of a prepared connection. Older ones may belong to another network. */
export const PREPARED_FRESH_MS = 60_000;
/** Interval for checking the route of the media. */
export const WAY_EVERY_MS = 5_000;
/** Interval for checking the route while the browser doesn't know it yet. */
export const WAY_SOON_MS = 400;

/** Interval for reading statistics; each reading costs about 1 ms. */
export const QUALITY_EVERY_MS = 1_000;
/**
 * Length of the measured window. At 50 audio packets per second it has 200 packets, so 1 % loss is
 * two packets.
 */
export const QUALITY_WINDOW_MS = 4_000;
/** Delay before showing a worse quality level, so that one late packet doesn't alarm. */
export const WORSE_AFTER_MS = 2_000;
/** Delay before showing a better quality level, so that the display doesn't flicker. */
export const BETTER_AFTER_MS = 5_000;
/**
 * Packet loss for "fair" and "poor". Congestion control raises the video bitrate below the first
 * and lowers it above the second (GCC, see `quality.ts`).
 */
export const LOSS_FAIR = 0.02;
export const LOSS_POOR = 0.1;
/**
 * Share of time with a frozen picture for "fair" and "poor". Users notice the first and find the
 * second unbearable.
 */
export const FROZEN_FAIR = 0.05;
export const FROZEN_POOR = 0.25;
/**
 * A path without a packet for this time is dead, because 50 audio packets per second are expected.
 */
export const STALLED_AFTER_MS = 2_500;
/** Fewer packets than this between two readings are not a media stream. */
export const STREAM_PACKETS_MIN = 20;
/** Interval between two reductions of the video, so that each one takes effect before the next. */
export const LOWER_EVERY_MS = 4_000;
/** Time with good quality before the limits of the sent video are raised by a step. */
export const RAISE_AFTER_MS = 10_000;
/**
 * Maximum time with good quality before the video limits are raised. The time starts at
 * `RAISE_AFTER_MS` and doubles after each failed raise.
 */
export const RAISE_AFTER_MAX_MS = 80_000;
/** If the quality drops within this time after the limits were raised, the raise has failed. */
export const RAISE_TRIED_FOR_MS = 15_000;
/** After this time of poor quality the page offers to send sound only. */
export const SOUND_ONLY_AFTER_MS = 6_000;

/** Interval for updating displayed times. */
export const TICK_MS = 1_000;
/** Interval for updating countdowns of a few seconds. */
export const FAST_TICK_MS = 250;
/**
 * A call ends if this user was in the background at the match and doesn't return within this time.
 */
export const HIDDEN_MATCH_MS = 15_000;

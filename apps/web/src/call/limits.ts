/** Limits of the page's side of a call; those shared by both sides are in the protocol. */

/** Longest delay before a match is drawn, with or without its picture. */
export const SHOW_MATCH_WITHIN_MS = 200;
/** Two presses of Next within this count as one double click. */
export const NEXT_GUARD_MS = 350;
/** Esc within this time of a counted Next doesn't stop a search… */
export const ESCAPE_GUARD_MS = 1_000;
/** …and within this time of a match it stops instead of pressing Next. */
export const MET_GUARD_MS = 400;
/** Next within this time of the previous one counts as quick. */
export const QUICK_NEXT_MS = 10_000;
/** Duration of "Really?". */
export const NEXT_CONFIRM_MS = 3_000;
/** When connecting is given up. */
export const CONNECT_TIMEOUT_MS = 8_000;
/** Automatic searches after consecutive failed connections. */
export const CONNECT_RETRIES_MAX = 3;
/** Retry delay for a refusal without one. */
export const RETRY_AFTER_MS = 3_000;
/** Retry delay while the node still ends an earlier call or search. */
export const BUSY_RETRY_AFTER_MS = 500;
/** When the user learns that interrupted media may not come back. */
export const STUCK_AFTER_MS = 15_000;
/** How long a search waits for its offer and candidates. */
export const OFFER_READY_WITHIN_MS = 150;
/** Length as JSON text: it must fit a frame with the rest of a ticket. */
export const OFFER_CHARS_MAX = 14 * 1024;
/** When "Anyone" is offered. */
export const ANYONE_AFTER_MS = 8_000;
/** `disconnected` often recovers within this. */
export const RESTART_AFTER_MS = 2_000;
/** Pause between ICE restarts after that. */
export const RESTART_PAUSE_MS = 4_000;
/** Longest wait for fresh TURN credentials; the old ones may still work. */
export const ICE_SERVERS_WITHIN_MS = 1_500;
/** Refresh ICE servers when they expire within this. */
export const ICE_SERVERS_MARGIN_MS = 60_000;
/** Width of the cover in pixels: too coarse to recognise anything. */
export const COVER_PIXELS = 16;
/** Interval for redrawing the cover. */
export const COVER_EVERY_MS = 200;
/** Prepared connections expire after this: networks change. */
export const PREPARED_FRESH_MS = 60_000;
/** Interval for checking the route… */
export const WAY_EVERY_MS = 5_000;
/** …and while the browser doesn't know it yet. */
export const WAY_SOON_MS = 400;

/** Interval for reading statistics; each reading costs about 1 ms. */
export const QUALITY_EVERY_MS = 1_000;
/** At 50 audio packets a second, 1 % loss is two packets in this window. */
export const QUALITY_WINDOW_MS = 4_000;
/** Delay before showing a worse level, so that one late packet doesn't alarm… */
export const WORSE_AFTER_MS = 2_000;
/** …and a better one, so that the display doesn't flicker. */
export const BETTER_AFTER_MS = 5_000;
/** Video grows below the first loss and must shrink above the second (GCC, see `quality.ts`). */
export const LOSS_FAIR = 0.02;
export const LOSS_POOR = 0.1;
/** Share of time with a frozen picture: visible from the first, unbearable from the second. */
export const FROZEN_FAIR = 0.05;
export const FROZEN_POOR = 0.25;
/** No packet for this long, with 50 audio packets a second expected. */
export const STALLED_AFTER_MS = 2_500;
/** Fewer packets between two readings don't count as a stream. */
export const STREAM_PACKETS_MIN = 20;
/** Interval for lowering video while poor: each step must take effect first. */
export const LOWER_EVERY_MS = 4_000;
/** Calm time before raising video by a step… */
export const RAISE_AFTER_MS = 10_000;
/** …doubled after each failed raise, up to this. */
export const RAISE_AFTER_MAX_MS = 80_000;
/** Trouble within this time makes a raise a failure. */
export const RAISE_TRIED_FOR_MS = 15_000;
/** Poor for this long offers sound only. */
export const SOUND_ONLY_AFTER_MS = 6_000;

/** Refresh interval of displayed times… */
export const TICK_MS = 1_000;
/** …and of countdowns of a few seconds. */
export const FAST_TICK_MS = 250;
/** How long a user matched in the background has to return. */
export const HIDDEN_MATCH_MS = 15_000;

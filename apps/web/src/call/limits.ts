/**
 * Limits of a call that only the page uses. Limits that the server also uses are in the protocol
 * package.
 */

/** The screens show a match after this time, even if the stranger's picture hasn't arrived. */
export const SHOW_MATCH_WITHIN_MS = 200;
/** Two presses of Next within this time are a double click, so the second one is ignored. */
export const NEXT_GUARD_MS = 350;
/** If Next was pressed less than this time ago, Esc doesn't stop the search. */
export const ESCAPE_GUARD_MS = 1_000;
/**
 * If a match was found less than this time ago, Esc still stops the search instead of acting as
 * Next.
 */
export const MET_GUARD_MS = 400;
/** If a search starts within this time after the previous one, the user pressed Next quickly. */
export const QUICK_NEXT_MS = 10_000;
/** How long the page shows the question "Really?". */
export const NEXT_CONFIRM_MS = 3_000;
/** A call that isn't connected after this time has failed. */
export const CONNECT_TIMEOUT_MS = 8_000;
/** After this many failed connections in a row, no new search starts automatically. */
export const CONNECT_RETRIES_MAX = 3;
/** Delay before a search is retried if the server refused it without naming a delay. */
export const RETRY_AFTER_MS = 3_000;
/** Delay before a search is retried while the node is still ending an earlier call or search. */
export const BUSY_RETRY_AFTER_MS = 500;
/**
 * Media that has been interrupted for this time is shown as stuck, because it might not come back.
 */
export const STUCK_AFTER_MS = 15_000;
/** Longest time that a search waits for its WebRTC offer and the offer's candidates. */
export const OFFER_READY_WITHIN_MS = 150;
/**
 * Maximum length of a WebRTC offer as JSON, in UTF-16 code units. With this length the offer and
 * the rest of a ticket fit into one frame.
 */
export const OFFER_CHARS_MAX = 14 * 1024;
/** After a search with a filter has taken this time, the page offers to match with anyone. */
export const ANYONE_AFTER_MS = 8_000;
/**
 * Delay before an ICE restart. A path in the state `disconnected` often recovers within this time.
 */
export const RESTART_AFTER_MS = 2_000;
/** Delay between two ICE restarts after the first one failed. */
export const RESTART_PAUSE_MS = 4_000;
/**
 * Longest wait for fresh TURN credentials. Afterwards the old ones are used, because they may still
 * work.
 */
export const ICE_SERVERS_WITHIN_MS = 1_500;
/** ICE servers are refreshed if their credentials expire within this time. */
export const ICE_SERVERS_MARGIN_MS = 60_000;
/**
 * Width of the cover's image in pixels. The image is so small that nothing in it can be recognised.
 */
export const COVER_PIXELS = 16;
export const COVER_EVERY_MS = 200;
/**
 * A prepared media connection older than this is replaced, because the device may have changed its
 * network.
 */
export const PREPARED_FRESH_MS = 60_000;
/** Interval for checking whether media takes a direct or a relayed route. */
export const WAY_EVERY_MS = 5_000;
/**
 * Interval for checking which route media takes, as long as the browser doesn't know the route yet.
 */
export const WAY_SOON_MS = 400;

/** Interval for reading the connection's statistics. Each reading costs about 1 ms. */
export const QUALITY_EVERY_MS = 1_000;
/**
 * Length of the time window in which quality is measured. At 50 audio packets per second the window
 * has 200 packets, so 1 % loss is two packets.
 */
export const QUALITY_WINDOW_MS = 4_000;
/** Delay before a worse quality level is shown, so that one late packet doesn't cause a warning. */
export const WORSE_AFTER_MS = 2_000;
/** Delay before a better quality level is shown, so that the display doesn't flicker. */
export const BETTER_AFTER_MS = 5_000;
/**
 * Shares of lost packets above which quality is "fair" and "poor". Congestion control raises the
 * video bitrate below the first share and lowers it above the second (GCC, see `quality.ts`).
 */
export const LOSS_FAIR = 0.02;
export const LOSS_POOR = 0.1;
/**
 * Shares of time with a frozen picture from which on quality is "fair" and "poor". Users notice the
 * first share and find the second unbearable.
 */
export const FROZEN_FAIR = 0.05;
export const FROZEN_POOR = 0.25;
/**
 * A path on which no packet arrives for this time is dead, because 50 audio packets per second are
 * expected.
 */
export const STALLED_AFTER_MS = 2_500;
/** Fewer packets than this between two readings don't count as a media stream. */
export const STREAM_PACKETS_MIN = 20;
/**
 * Minimum time between two reductions of the sent video's limits, so that each reduction takes
 * effect before the next.
 */
export const LOWER_EVERY_MS = 4_000;
/** After this time of good quality the limits of the sent video are raised by one step. */
export const RAISE_AFTER_MS = 10_000;
/**
 * Maximum time of good quality that is needed to raise the video limits. The needed time starts at
 * `RAISE_AFTER_MS` and doubles after each failed raise.
 */
export const RAISE_AFTER_MAX_MS = 80_000;
/**
 * If quality becomes poor within this time after the video limits were raised, the raise has
 * failed.
 */
export const RAISE_TRIED_FOR_MS = 15_000;
/** After this time of poor quality the page offers to turn the video off and send only sound. */
export const SOUND_ONLY_AFTER_MS = 6_000;

/** Interval at which the screens update displayed times. */
export const TICK_MS = 1_000;
/** Interval at which the screens update countdowns of a few seconds. */
export const FAST_TICK_MS = 250;
/**
 * If the page was in the background at the match and isn't visible again within this time, the call
 * ends.
 */
export const HIDDEN_MATCH_MS = 15_000;

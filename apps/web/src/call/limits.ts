/** What the page's side of a call allows itself. What both sides must agree on is the protocol's. */

/** A match is drawn with its picture, and no later than this. */
export const SHOW_MATCH_WITHIN_MS = 200;
/** Two presses of Next within this are one: a double click is no answer to "Really?". */
export const NEXT_GUARD_MS = 350;
/** Esc so soon after a Next that counted is one press of it too many, and stops no search… */
export const ESCAPE_GUARD_MS = 1_000;
/** …and so soon after a match it was still meant to stop the search. */
export const MET_GUARD_MS = 400;
/** Whoever goes on so soon after they last did goes on quickly. */
export const QUICK_NEXT_MS = 10_000;
/** "Really?" lasts so long. */
export const NEXT_CONFIRM_MS = 3_000;
/** The page says that no connection can be made when there is none by then. */
export const CONNECT_TIMEOUT_MS = 8_000;
/** How often in a row the page looks for another person by itself after a call did not connect. */
export const CONNECT_RETRIES_MAX = 3;
/** A refusal that names no time is tried again after this. */
export const HOLD_MS = 3_000;
/** The node still has an older call or search of ours, which our own word is about to end. */
export const BUSY_HOLD_MS = 500;
/** Media that has been away for so long may not come back, and the person is told. */
export const STUCK_AFTER_MS = 15_000;
/** A search waits at most so long for its pre-made offer and that offer's candidates. */
export const OFFER_READY_WITHIN_MS = 150;
/** An offer as JSON text: with the rest of a ticket it has to fit a frame. */
export const OFFER_CHARS_MAX = 14 * 1024;
/** "Anyone" is offered after this. */
export const ANYONE_AFTER_MS = 8_000;
/** A connection that is `disconnected` often mends itself within this. */
export const RESTART_AFTER_MS = 2_000;
/** And then ICE is started anew, again and again, with this pause. */
export const RESTART_PAUSE_MS = 4_000;
/** Fresh TURN credentials are not waited for longer than this; the old ones may still do. */
export const ICE_SERVERS_WITHIN_MS = 1_500;
/** ICE servers are fetched anew when they last no longer than this. */
export const ICE_SERVERS_MARGIN_MS = 60_000;
/** The width of the cover's picture: too coarse to make anything out. */
export const COVER_PIXELS = 16;
/** The cover is drawn anew after so long: it should live, and cost nothing. */
export const COVER_EVERY_MS = 200;
/** What was prepared longer ago than this is made anew: networks change, and candidates age. */
export const PREPARED_FRESH_MS = 60_000;
/** How media travels is asked so often… */
export const WAY_EVERY_MS = 5_000;
/** …and sooner, where the browser does not know yet. */
export const WAY_SOON_MS = 400;

// The quality of a connection, and what is done about it.

/** The statistics are read so often: each reading walks all of them, and costs a millisecond. */
export const QUALITY_EVERY_MS = 1_000;
/** A judgement looks back so long: at 50 packets of sound a second, 1 % of loss is two packets. */
export const QUALITY_WINDOW_MS = 4_000;
/** Worse news is believed after so long, so that one late packet alarms nobody… */
export const WORSE_AFTER_MS = 2_000;
/** …and better news later, so that the words do not flicker. */
export const BETTER_AFTER_MS = 5_000;
/** Video grows below the first loss and must shrink above the second (GCC, see `quality.ts`). */
export const LOSS_FAIR = 0.02;
export const LOSS_POOR = 0.1;
/** The share of time that the picture stands still: seen from the first, not bearable at the second. */
export const FROZEN_FAIR = 0.05;
export const FROZEN_POOR = 0.25;
/** Nothing at all came for so long, where 50 packets of sound a second were due. */
export const STALLED_AFTER_MS = 2_500;
/** Fewer packets between two readings than this are no stream whose end would mean anything. */
export const STREAM_PACKETS_MIN = 20;
/** While it stays poor, video is lowered by a step so often: the last step must show its effect. */
export const LOWER_EVERY_MS = 4_000;
/** Video is raised by a step after so long without trouble… */
export const RAISE_AFTER_MS = 10_000;
/** …and, each time that it was too early, after twice as long, up to this. */
export const RAISE_AFTER_MAX_MS = 80_000;
/** A raise that is followed by trouble within this was too early. */
export const RAISE_TRIED_FOR_MS = 15_000;
/** Poor for so long, whatever was lowered: sound alone is offered. */
export const SOUND_ONLY_AFTER_MS = 6_000;

// What the screens see.

/** Times on screens change once a second. */
export const TICK_MS = 1_000;
/** Times that run out within seconds change more often. */
export const FAST_TICK_MS = 250;
/** A person who was matched while the page was in the background has this long to return. */
export const HIDDEN_MATCH_MS = 15_000;

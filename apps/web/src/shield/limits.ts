/** Times and counts of the shield. What counts as explicit is in `protocol/shield-rules`. */

/** A stranger is shown after so many clean looks in a row: one for each part of the picture. */
export const CLEAN_LOOKS = 3;
/**
 * A flag takes the mean of so many looks, so that one blurred frame does not cover anybody. The
 * second follows at once, and is of the same part of the picture.
 */
export const SMOOTHED_LOOKS = 2;
/** So many looks in a row that are neither clean nor explicit: the person is told, and decides. */
export const UNSURE_LOOKS = 8;

/**
 * The first looks, as many as open, follow each other about as fast as a slow device looks, so that
 * a person waits for nothing but the looking; even one that takes 200 ms is done within 600.
 */
export const FIRST_LOOK_EVERY_MS = 100;
/** Then at least one a second, from beginning to beginning, with room for a timer that is late. */
export const LOOK_EVERY_MS = 850;
/** After a look that may be explicit the next does not wait for its turn. */
export const SECOND_LOOK_AFTER_MS = 120;

/**
 * A verdict on a picture that was taken longer ago says nothing of the one that would be shown.
 * It may still cover somebody, but it opens nothing.
 */
export const VERDICT_FRESH_MS = 1_500;
/** So many verdicts in a row that came too late: this device is too slow for the shield. */
export const LATE_VERDICTS_MAX = 3;
/** Who is shown is covered when the last fresh look is older than this. */
export const STALE_AFTER_MS = 2_500;
/** And when none comes for so long, the person is told that it won't work here. */
export const TOO_SLOW_AFTER_MS = 6_000;
/**
 * A device that was too slow is measured again by a look so long after the last one ended: often
 * enough for a person who waits, and seldom enough to leave the device to what makes it slow.
 */
export const SELDOM_LOOK_AFTER_MS = 5_000;
/** Twice as fast as a verdict must be: one that only just keeps up would soon be too slow again. */
export const SWIFT_VERDICT_MS = 750;
/** So many of them in a row: it keeps up, and all begins from the beginning. */
export const SWIFT_LOOKS = 2;

/** A classifier that has not come by then is taken for one that will not. */
export const LOAD_WITHIN_MS = 45_000;
/** One that has not answered by then hangs. The slowest device is done with a look in a fifth of it. */
export const ANSWER_WITHIN_MS = 20_000;

/** One's own camera is looked at so often before the queue. */
export const OWN_LOOKS = 3;
/** Below this mean brightness, of 255, a face would hardly be seen. A hint, and never a bar. */
export const DARK_BELOW_LUMA = 40;

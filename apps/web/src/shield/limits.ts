/** Number of clean samples in a row before a peer is shown, one for each part of the picture. */
export const CLEAN_SAMPLES = 3;
/**
 * Number of samples whose mean decides on a flag, so that one blurred frame doesn't cover a
 * peer. After a suspicious sample the second one follows at once and shows the same part of the
 * picture.
 */
export const SMOOTHED_SAMPLES = 2;
/** Number of unsure samples in a row after which the page says that the shield can't tell. */
export const UNSURE_SAMPLES = 8;

/**
 * Minimum rise of the explicit score above that of the picture that the user resumed, at which
 * one sample covers the peer again.
 */
export const RESUMED_RISE = 0.15;
/**
 * Rise above the level of the resumed picture. After Resume, `SMOOTHED_SAMPLES` samples in a row
 * with this rise cover the peer again.
 */
export const RESUMED_RISE_OF_TWO = 0.1;
/**
 * Explicitness at which `SMOOTHED_SAMPLES` samples cover the peer again after Resume, unless the
 * resumed picture had reached this value too.
 */
export const RESUMED_CEILING = 0.9;
/**
 * If the resumed picture's level was at least `RESUMED_CEILING`, high scores can cover the peer
 * again only from this many ms after Resume.
 */
export const RESUMED_CERTAIN_MS = 20_000;

/** Interval in ms of the first samples. Even if each takes 200 ms, they finish within 600 ms. */
export const FIRST_SAMPLE_EVERY_MS = 100;
/**
 * Limits in ms of the random pause between the starts of two samples. With a fixed pause a peer
 * could show a picture between the samples for a whole call. The upper limit keeps the samples
 * within a second even if a timer is late.
 */
export const SAMPLE_PAUSE_MIN_MS = 250;
export const SAMPLE_PAUSE_MAX_MS = 950;
/**
 * After a sample that may be explicit, the next one starts after a random pause. With the
 * probability `SECOND_SAMPLE_SOON` the pause is between `SECOND_SAMPLE_MIN_MS` and
 * `SECOND_SAMPLE_MAX_MS`, otherwise a usual pause. If the pause were fixed, a picture that
 * flickers in step with the samples would never be flagged.
 */
export const SECOND_SAMPLE_MIN_MS = 20;
export const SECOND_SAMPLE_MAX_MS = 200;
export const SECOND_SAMPLE_SOON = 0.8;

/** Age in ms above which a verdict can still cover a peer, but can't show one. */
export const VERDICT_FRESH_MS = 1_500;
/** Number of late verdicts in a row after which the device counts as too slow. */
export const LATE_VERDICTS_MAX = 3;
/** Age in ms of the last timely sample above which the shield covers a shown peer. */
export const STALE_AFTER_MS = 2_500;
/**
 * Time in ms without a verdict after which the page says that the device is too slow for the
 * shield.
 */
export const TOO_SLOW_AFTER_MS = 6_000;
/**
 * Pause in ms after each sample on a device that is too slow for the shield, so that the device
 * can recover.
 */
export const SELDOM_SAMPLE_AFTER_MS = 5_000;
/**
 * Time in ms within which a verdict counts as swift. It is half of the required time, so that a
 * device doesn't alternate between "too slow" and normal.
 */
export const SWIFT_VERDICT_MS = 750;
/** Number of swift samples in a row after which the shield starts again on a slow device. */
export const SWIFT_SAMPLES = 2;

/**
 * Time in ms without any byte of the shield's files after which the download counts as stalled.
 * There is no limit on the whole download, because a slow line is no fault.
 */
export const STALLED_AFTER_MS = 15_000;
/**
 * Time in ms for the worker's script, whose bytes the page can't count, and again for the start of
 * the network once all files are there.
 */
export const START_WITHIN_MS = 45_000;
/**
 * Time in ms for one picture after which the classifier counts as failed. The slowest device
 * needs a fifth of it.
 */
export const ANSWER_WITHIN_MS = 20_000;

export const OWN_SAMPLES = 3;
/**
 * Mean brightness, of 255, below which a face is hardly visible. The page then only shows a
 * hint.
 */
export const DARK_BELOW_LUMA = 40;

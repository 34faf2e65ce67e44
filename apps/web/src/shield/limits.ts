/** Number of clean samples in a row before a peer is shown: one for each part of the picture. */
export const CLEAN_SAMPLES = 3;
/**
 * A flag uses the mean of this many samples, so that one blurred frame doesn't cover a peer. The
 * second sample follows at once and is of the same part.
 */
export const SMOOTHED_SAMPLES = 2;
/** After this many unsure samples in a row the page says that the shield can't tell. */
export const UNSURE_SAMPLES = 8;

/** After Resume, one sample that exceeds the resumed level by this much covers the peer again. */
export const RESUMED_RISE = 0.15;
/**
 * After Resume, `SMOOTHED_SAMPLES` samples of at least this value cover the peer again, unless the
 * resumed picture had reached this value too.
 */
export const RESUMED_CEILING = 0.9;

/** Interval of the first samples. Even if each takes 200 ms, they finish within 600 ms. */
export const FIRST_SAMPLE_EVERY_MS = 100;
/**
 * The pause between the starts of two samples is random, between these limits. With a fixed pause a
 * peer could show a picture between the samples for a whole call. The upper limit keeps the samples
 * within a second even if a timer is late.
 */
export const SAMPLE_PAUSE_MIN_MS = 250;
export const SAMPLE_PAUSE_MAX_MS = 950;
/** Delay between a sample that may be explicit and the next one. */
export const SECOND_SAMPLE_AFTER_MS = 120;

/** A verdict older than this can still cover a peer, but can't show one. */
export const VERDICT_FRESH_MS = 1_500;
/** After this many late verdicts in a row the device counts as too slow. */
export const LATE_VERDICTS_MAX = 3;
/** A shown peer is covered when the last timely sample is older than this. */
export const STALE_AFTER_MS = 2_500;
/** After this long without a verdict the page says that the device is too slow for the shield. */
export const TOO_SLOW_AFTER_MS = 6_000;
/** Pause after each sample on a device that is too slow. It lets the device recover. */
export const SELDOM_SAMPLE_AFTER_MS = 5_000;
/**
 * A verdict within this time counts as swift. It is half of the required time, so that a device
 * doesn't alternate between "too slow" and normal.
 */
export const SWIFT_VERDICT_MS = 750;
/** After this many swift samples in a row the shield starts again. */
export const SWIFT_SAMPLES = 2;

export const LOAD_WITHIN_MS = 45_000;
/** The classifier counts as failed after this time. The slowest device needs a fifth of it. */
export const ANSWER_WITHIN_MS = 20_000;

export const OWN_SAMPLES = 3;
/** Mean brightness (of 255) below which a face is hardly visible. The page only shows a hint. */
export const DARK_BELOW_LUMA = 40;

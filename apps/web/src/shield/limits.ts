/** Consecutive clean samples before a peer is shown: one per part of the picture. */
export const CLEAN_SAMPLES = 3;
/**
 * A flag uses the mean of this many samples, so that one blurred frame doesn't cover a peer. The
 * second sample follows at once, at the same part.
 */
export const SMOOTHED_SAMPLES = 2;
/** Consecutive unsure samples, after which the page says that the shield can't tell. */
export const UNSURE_SAMPLES = 8;

/** After Resume one sample this far above the resumed level covers again. */
export const RESUMED_RISE = 0.15;
/** After Resume, `SMOOTHED_SAMPLES` samples of at least this cover again, if they are new. */
export const RESUMED_CEILING = 0.9;

/** Interval of the first samples. Even at 200 ms per sample they finish within 600 ms. */
export const FIRST_SAMPLE_EVERY_MS = 100;
/**
 * The pause between two samples, start to start, is drawn between these. A fixed one would let a peer
 * show a picture between the samples for a whole call. The longest leaves room for timer delays in a
 * second.
 */
export const SAMPLE_PAUSE_MIN_MS = 250;
export const SAMPLE_PAUSE_MAX_MS = 950;
/** Delay after a sample that may be explicit. */
export const SECOND_SAMPLE_AFTER_MS = 120;

/** An older verdict can cover a peer, but can't show one. */
export const VERDICT_FRESH_MS = 1_500;
/** Consecutive late verdicts before the device counts as too slow. */
export const LATE_VERDICTS_MAX = 3;
/** A shown peer is covered when the last fresh sample is older. */
export const STALE_AFTER_MS = 2_500;
/** After this long without a verdict the page says that the shield doesn't work here. */
export const TOO_SLOW_AFTER_MS = 6_000;
/** Pause after a sample on a slow device: enough to recover without adding load. */
export const SELDOM_SAMPLE_AFTER_MS = 5_000;
/** Twice as fast as required, so that a device doesn't alternate between the states. */
export const SWIFT_VERDICT_MS = 750;
/** Consecutive swift samples after which checking restarts. */
export const SWIFT_SAMPLES = 2;

export const LOAD_WITHIN_MS = 45_000;
/** Answer timeout. The slowest device needs a fifth of it. */
export const ANSWER_WITHIN_MS = 20_000;

export const OWN_SAMPLES = 3;
/** Mean brightness, of 255, below which a face is hardly visible. A hint only. */
export const DARK_BELOW_LUMA = 40;

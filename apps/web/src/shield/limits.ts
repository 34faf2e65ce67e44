/** Consecutive clean looks before a peer is shown: one per part of the picture. */
export const CLEAN_SAMPLES = 3;
/**
 * A flag uses the mean of this many looks, so that one blurred frame doesn't cover a peer. The
 * second look follows at once, at the same part.
 */
export const SMOOTHED_SAMPLES = 2;
/** Consecutive unsure looks, after which the user decides. */
export const UNSURE_SAMPLES = 8;

/** Interval of the first looks. Even at 200 ms per look they finish within 600 ms. */
export const FIRST_SAMPLE_EVERY_MS = 100;
/** At least one look per second, start to start, with room for timer delays. */
export const SAMPLE_EVERY_MS = 850;
/** Delay after a look that may be explicit. */
export const SECOND_SAMPLE_AFTER_MS = 120;

/** An older verdict can cover a peer, but can't show one. */
export const VERDICT_FRESH_MS = 1_500;
/** Consecutive late verdicts before the device counts as too slow. */
export const LATE_VERDICTS_MAX = 3;
/** A shown peer is covered when the last fresh look is older. */
export const STALE_AFTER_MS = 2_500;
/** After this long without a verdict the page says that the shield doesn't work here. */
export const TOO_SLOW_AFTER_MS = 6_000;
/** Pause after a look on a slow device: enough to recover without adding load. */
export const SELDOM_SAMPLE_AFTER_MS = 5_000;
/** Twice as fast as required, so that a device doesn't alternate between the states. */
export const SWIFT_VERDICT_MS = 750;
/** Consecutive swift looks after which checking restarts. */
export const SWIFT_SAMPLES = 2;

export const LOAD_WITHIN_MS = 45_000;
/** Answer timeout. The slowest device needs a fifth of it. */
export const ANSWER_WITHIN_MS = 20_000;

export const OWN_SAMPLES = 3;
/** Mean brightness, of 255, below which a face is hardly visible. A hint only. */
export const DARK_BELOW_LUMA = 40;

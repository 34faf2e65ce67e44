/**
 * The operator's settings for the shield, which covers explicit video. A threshold is the
 * model's probability that a picture is explicit.
 */
export interface ShieldRules {
  /** The shield covers the peer when the mean of two consecutive samples reaches this value. */
  readonly explicitAt: number;
  /** The shield treats samples below this value as clean. */
  readonly cleanBelow: number;
  /** Whether the user may uncover a peer whom the shield has covered. */
  readonly mayResume: boolean;
  readonly mayBeOff: boolean;
}

/**
 * The shield's default thresholds.
 * - `explicitAt`: ordinary undistorted pictures score at most .15. The threshold of .7 tolerates that
 * the model misreads groups of people, and at .7 explicit is still by far the likeliest class.
 * - `cleanBelow`: well above the score of ordinary pictures, and far enough below `explicitAt` that a
 * single wavering sample doesn't uncover a peer whom the next sample would cover again.
 */
export const SHIELD_DEFAULTS: ShieldRules = {
  explicitAt: 0.7,
  cleanBelow: 0.4,
  mayResume: true,
  mayBeOff: false,
};

/**
 * Limits for the operator's thresholds. Below .5, another class than explicit would be likelier.
 * Above .9, the shield would hardly cover anything. `cleanBelow` is at least .1, because even
 * harmless pictures score above 0.
 */
export const EXPLICIT_AT_MIN = 0.5;
export const EXPLICIT_AT_MAX = 0.9;
export const CLEAN_BELOW_MIN = 0.1;
export const CLEAN_BELOW_MAX = 0.6;

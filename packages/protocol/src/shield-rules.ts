/** Operator settings. Thresholds are the model's probability that a picture is explicit. */
export interface ShieldRules {
  /** Two consecutive samples whose mean reaches this value cover the peer. */
  readonly explicitAt: number;
  /** Samples below this value are clean. */
  readonly cleanBelow: number;
  /** Whether the user may uncover a peer covered by the shield. */
  readonly mayResume: boolean;
  readonly mayBeOff: boolean;
}

/**
 * Default thresholds.
 * - `explicitAt`: ordinary undistorted pictures score at most .15; .7 leaves room for misread
 * groups and still means that explicit is by far the likeliest class.
 * - `cleanBelow`: well above ordinary pictures, and far enough below `explicitAt` that one wavering
 * sample doesn't uncover what the next would cover.
 */
export const SHIELD_DEFAULTS: ShieldRules = {
  explicitAt: 0.7,
  cleanBelow: 0.4,
  mayResume: true,
  mayBeOff: false,
};

/**
 * Bounds for operators. Below .5 another class would be likelier; above .9 the shield would hardly
 * cover anything. `cleanBelow` is at least .1, because no picture scores 0.
 */
export const EXPLICIT_AT_MIN = 0.5;
export const EXPLICIT_AT_MAX = 0.9;
export const CLEAN_BELOW_MIN = 0.1;
export const CLEAN_BELOW_MAX = 0.6;

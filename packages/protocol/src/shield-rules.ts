/**
 * What an operator says of the shield, and the page obeys. Shares are of 1: how sure the model is
 * that a picture is explicit, photographed or drawn.
 */
export interface ShieldRules {
  /** Two looks in a row whose mean reaches this cover the stranger. */
  readonly explicitAt: number;
  /** A look below this is a clean one. */
  readonly cleanBelow: number;
  /** Whether a person may look on after the shield has covered somebody. */
  readonly mayResume: boolean;
  /** Whether a person may do without the shield. */
  readonly mayBeOff: boolean;
}

/**
 * The thresholds that hold where an operator says nothing, each with its reason.
 *
 * - `explicitAt`: of ordinary pictures that are looked at unsquashed, the model is sure to .15 at
 *   most; .7 leaves room for a group that it misreads, and still means that it is far surer of an
 *   explicit picture than of all else.
 * - `cleanBelow`: well above what ordinary pictures reach, and far enough below `explicitAt` that
 *   one look which wavers does not open what the next would cover.
 */
export const SHIELD_DEFAULTS: ShieldRules = {
  explicitAt: 0.7,
  cleanBelow: 0.4,
  mayResume: true,
  mayBeOff: false,
};

/**
 * How far an operator may go. Below one half the model would be surer of something else; above
 * nine tenths the shield would hardly cover anything. A clean look asks for at least a tenth, since
 * no picture is ever at nought.
 */
export const EXPLICIT_AT_MIN = 0.5;
export const EXPLICIT_AT_MAX = 0.9;
export const CLEAN_BELOW_MIN = 0.1;
export const CLEAN_BELOW_MAX = 0.6;

import { assertNever } from '@farandole/kernel/assert';
import type { CachedClassifier } from './classifier-keeper.ts';
import { CLEAN_SAMPLES } from './limits.ts';
import type { Scores } from './scores.ts';
import type { ShieldState, UnavailableReason } from './shield-machine.ts';

export interface ShieldView {
  /**
   * What the shield does with the peer:
   * - `off`: the user turned the shield off;
   * - `loading`: the classifier loads;
   * - `checking`: there aren't enough samples yet;
   * - `checked`: the picture is clean and waits for "Show video";
   * - `resumed`: shown because the user pressed Resume after a flag;
   * - `flagged`, `unavailable`: covered, with the reason in `why`.
   */
  readonly state:
    | 'off'
    | 'loading'
    | 'checking'
    | 'checked'
    | 'shown'
    | 'resumed'
    | 'flagged'
    | 'unavailable';
  readonly why: 'explicit' | 'unsure' | UnavailableReason | null;
  /** Loaded share of the classifier, from 0 to 1. */
  readonly loaded: number;
  /** True if the operator allows the button Resume and there is a flagged picture to resume. */
  readonly mayResume: boolean;
  /** Time of the shield's flag since the start of the call; `null` if there was no flag. */
  readonly flaggedAfterMs: number | null;
  /** Classifier scores of the last sample; `null` before the first sample. */
  readonly scores: Scores | null;
}

export interface ShieldSurroundings {
  readonly kept: CachedClassifier;
  /** Whether the operator allows the button Resume. */
  readonly mayResume: boolean;
  /** Start time of the call, by the same clock as the shield's states. */
  readonly beganAtMs: number;
}

/** @param state the shield's state; `null` if the shield is off, `none` without a peer */
export function shieldViewOf(
  state: ShieldState | 'none' | null,
  { kept, mayResume, beganAtMs }: ShieldSurroundings,
): ShieldView {
  const known = state === 'none' ? null : state;
  const coveredAtMs = known === null ? null : coveredAtMsOf(known);
  const view = (shown: ShieldView['state'], why: ShieldView['why'] = null): ShieldView => ({
    state: shown,
    why,
    loaded: kept.state === 'loading' ? kept.share : kept.state === 'ready' ? 1 : 0,
    mayResume: mayResume && why !== 'unsure',
    flaggedAfterMs: coveredAtMs === null ? null : coveredAtMs - beganAtMs,
    scores: known?.scores ?? null,
  });
  if (state === 'none') return view('checking');
  if (state === null) return view('off');
  switch (state.state) {
    case 'loading':
    case 'resumed':
      return view(state.state);
    case 'covered':
      if (state.unsureAtMs !== null) return view('flagged', 'unsure');
      return view(state.clean >= CLEAN_SAMPLES && !state.hidden ? 'checked' : 'checking');
    case 'clear':
      return view('shown');
    case 'flagged':
      return view('flagged', 'explicit');
    case 'unavailable':
      return view('unavailable', state.why);
    case 'left':
      return view('checking');
    default:
      return assertNever(state);
  }
}

/**
 * Returns the time at which the page said that the shield covers this stranger, or null if the
 * page doesn't say so now.
 */
function coveredAtMsOf(state: ShieldState): number | null {
  if (state.state === 'flagged') return state.flaggedAtMs;
  return state.state === 'covered' ? state.unsureAtMs : null;
}

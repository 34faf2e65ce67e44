import { assertNever } from '@farandole/kernel/assert';
import type { CachedClassifier } from './classifier-keeper.ts';
import { CLEAN_SAMPLES } from './limits.ts';
import type { Scores } from './scores.ts';
import type { Flagged, ShieldState, UnavailableReason } from './shield-machine.ts';

export interface ShieldView {
  /**
   * - `off`: turned off by the user;
   * - `loading`: the classifier loads;
   * - `checking`: not enough looks yet;
   * - `checked`: clean, waiting for "Show video";
   * - `resumed`: shown by the user's decision;
   * - `flagged`, `unavailable`: covered, see `why`.
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
  readonly why: Flagged['why'] | UnavailableReason | null;
  /** From 0 to 1. */
  readonly loaded: number;
  readonly mayResume: boolean;
  /** Time of the flag since the start of the call; null without one. */
  readonly flaggedAfterMs: number | null;
  /** Of the last look; null before the first. */
  readonly scores: Scores | null;
}

export interface ShieldSurroundings {
  readonly kept: CachedClassifier;
  readonly mayResume: boolean;
  /** Start of the call, by the clock of the states. */
  readonly beganAtMs: number;
}

/** @param state null: the shield is off; `none`: no peer */
export function shieldViewOf(
  state: ShieldState | 'none' | null,
  { kept, mayResume, beganAtMs }: ShieldSurroundings,
): ShieldView {
  const known = state === 'none' ? null : state;
  const view = (shown: ShieldView['state'], why: ShieldView['why'] = null): ShieldView => ({
    state: shown,
    why,
    loaded: kept.state === 'loading' ? kept.share : kept.state === 'ready' ? 1 : 0,
    mayResume,
    flaggedAfterMs: known?.state === 'flagged' ? known.flaggedAtMs - beganAtMs : null,
    scores: known?.scores ?? null,
  });
  if (state === 'none') return view('checking');
  if (state === null) return view('off');
  switch (state.state) {
    case 'loading':
    case 'resumed':
      return view(state.state);
    case 'covered':
      return view(state.clean >= CLEAN_SAMPLES && !state.hidden ? 'checked' : 'checking');
    case 'clear':
      return view('shown');
    case 'flagged':
    case 'unavailable':
      return view(state.state, state.why);
    case 'left':
      return view('checking');
    default:
      return assertNever(state);
  }
}

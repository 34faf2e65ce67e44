import { assertNever } from '@farandole/kernel/assert';
import type { ShieldRules } from '@farandole/protocol/shield-rules';
import type { ClassifierFault } from './classifier.ts';
import {
  CLEAN_SAMPLES,
  LATE_VERDICTS_MAX,
  SMOOTHED_SAMPLES,
  STALE_AFTER_MS,
  SWIFT_SAMPLES,
  SWIFT_VERDICT_MS,
  TOO_SLOW_AFTER_MS,
  UNSURE_SAMPLES,
  VERDICT_FRESH_MS,
} from './limits.ts';
import type { Pace } from './sampling.ts';
import { explicitnessOf, type Scores } from './scores.ts';

/** `too-slow`: verdicts arrive too late. */
export type UnavailableReason = Exclude<ClassifierFault, 'stopped'> | 'too-slow';

interface Base {
  /** The user's consent to see and hear the peer. Not sufficient to show them. */
  readonly consent: boolean;
  readonly hidden: boolean;
  /** Time of the last look in time, or when looking began; null while not looking. */
  readonly seenAtMs: number | null;
  /** Explicitness of the last looks, oldest first, at most `SMOOTHED_SAMPLES`. */
  readonly recent: readonly number[];
  /** Consecutive clean looks in time, up to `CLEAN_SAMPLES`. */
  readonly clean: number;
  readonly late: number;
  /** Of the last look; null before the first. */
  readonly scores: Scores | null;
}

export interface Loading extends Base {
  readonly state: 'loading';
}

/** Being checked, or clean and waiting for consent. */
export interface Covered extends Base {
  readonly state: 'covered';
  /** Consecutive looks that were neither clean nor explicit. */
  readonly unsure: number;
}

export interface Clear extends Base {
  readonly state: 'clear';
}

/** Covered: explicit, or not decidable. */
export interface Flagged extends Base {
  readonly state: 'flagged';
  readonly why: 'explicit' | 'unsure';
  readonly flaggedAtMs: number;
}

/** Shown by the user's decision, until clean again. */
export interface Resumed extends Base {
  readonly state: 'resumed';
}

export interface Unavailable extends Base {
  readonly state: 'unavailable';
  readonly why: UnavailableReason;
  /** Consecutive swift looks on a device that was too slow. */
  readonly swift: number;
}

export interface Left extends Base {
  readonly state: 'left';
}

export type ShieldState = Loading | Covered | Clear | Flagged | Resumed | Unavailable | Left;

export type ShieldEvent =
  | { readonly event: 'classifier-ready' }
  | { readonly event: 'classifier-failed'; readonly why: UnavailableReason }
  /** Looking started or stopped. */
  | { readonly event: 'looking'; readonly sampling: boolean }
  | { readonly event: 'verdict'; readonly scores: Scores; readonly takenAtMs: number }
  /** No picture could be taken. */
  | { readonly event: 'no-picture' }
  | { readonly event: 'consent'; readonly consent: boolean }
  | { readonly event: 'hidden'; readonly hidden: boolean }
  | { readonly event: 'resume' }
  | { readonly event: 'retry' }
  | { readonly event: 'leave' }
  | { readonly event: 'tick' };

export const INITIAL_SHIELD_STATE: ShieldState = {
  state: 'loading',
  consent: false,
  hidden: false,
  seenAtMs: null,
  recent: [],
  clean: 0,
  late: 0,
  scores: null,
};

/** Whether the peer's picture and sound may be shown. */
export function isOpen(state: ShieldState): boolean {
  return state.state === 'clear' || state.state === 'resumed';
}

/** Whether to look. A device that was too slow is measured by looking. */
export function maySample(state: ShieldState): boolean {
  switch (state.state) {
    case 'covered':
    case 'clear':
    case 'flagged':
    case 'resumed':
      return true;
    case 'unavailable':
      return state.why === 'too-slow';
    case 'loading':
    case 'left':
      return false;
    default:
      return assertNever(state);
  }
}

export function paceOf(state: ShieldState, rules: ShieldRules): Pace {
  if (state.state === 'unavailable') return state.swift === 0 ? 'seldom' : 'again';
  if (state.state !== 'covered' && state.state !== 'clear') return 'usual';
  // It may be explicit, so the second look follows at once.
  return (state.recent.at(-1) ?? 0) >= rules.cleanBelow ? 'again' : 'usual';
}

/** Time of the next `tick`, or null. */
export function deadlineOfShield(state: ShieldState): number | null {
  if (state.seenAtMs === null) return null;
  switch (state.state) {
    case 'clear':
    case 'resumed':
      return state.seenAtMs + STALE_AFTER_MS;
    case 'covered':
      return state.seenAtMs + (state.clean > 0 ? STALE_AFTER_MS : TOO_SLOW_AFTER_MS);
    case 'loading':
    case 'flagged':
    case 'unavailable':
    case 'left':
      return null;
    default:
      return assertNever(state);
  }
}

/** The shield's transition for one user and one peer. Pure. */
export function shieldTransition(
  state: ShieldState,
  event: ShieldEvent,
  nowMs: number,
  rules: ShieldRules,
): ShieldState {
  if (state.state === 'left') return state;
  switch (event.event) {
    case 'classifier-ready':
      return state.state === 'loading' ? covered(state, nowMs) : state;
    case 'classifier-failed':
      return unavailable(state, event.why);
    case 'looking':
      return { ...state, seenAtMs: event.sampling && !state.hidden ? nowMs : null };
    case 'verdict':
      return verdict({ ...state, scores: event.scores }, event, nowMs, rules);
    case 'no-picture':
      return isOpen(state) || state.state === 'covered' ? covered(state, nowMs) : state;
    case 'consent':
      return consented(state, event.consent, nowMs);
    case 'hidden':
      return hide(state, event.hidden);
    case 'resume':
      if (state.state !== 'flagged' || state.hidden || !rules.mayResume) return state;
      return { ...baseOf(state), state: 'resumed', consent: true, seenAtMs: nowMs, clean: 0 };
    case 'retry':
      return state.state === 'unavailable'
        ? { ...baseOf(state), state: 'loading', recent: [], clean: 0, late: 0 }
        : state;
    case 'leave':
      return { ...baseOf(state), state: 'left' };
    case 'tick':
      return tick(state, nowMs);
    default:
      return assertNever(event);
  }
}

function baseOf(state: ShieldState): Base {
  const { consent, hidden, seenAtMs, recent, clean, late, scores } = state;
  return { consent, hidden, seenAtMs, recent, clean, late, scores };
}

/** Restarts checking; earlier looks don't count. */
function covered(state: ShieldState, nowMs: number): Covered {
  const seenAtMs = state.seenAtMs === null ? null : nowMs;
  return { ...baseOf(state), state: 'covered', seenAtMs, recent: [], clean: 0, unsure: 0 };
}

function unavailable(state: ShieldState, why: UnavailableReason): Unavailable {
  return { ...baseOf(state), state: 'unavailable', why, swift: 0 };
}

function verdict(
  before: ShieldState,
  { scores, takenAtMs }: Extract<ShieldEvent, { event: 'verdict' }>,
  nowMs: number,
  rules: ShieldRules,
): ShieldState {
  const explicit = explicitnessOf(scores);
  const isFresh = nowMs - takenAtMs <= VERDICT_FRESH_MS;
  const isClean = isFresh && explicit < rules.cleanBelow;
  const state: ShieldState = {
    ...before,
    recent: [...before.recent, explicit].slice(-SMOOTHED_SAMPLES),
    clean: isClean ? Math.min(before.clean + 1, CLEAN_SAMPLES) : 0,
    late: isFresh ? 0 : before.late + 1,
    seenAtMs: isFresh && before.seenAtMs !== null ? takenAtMs : before.seenAtMs,
  };
  const mayFlag = state.state === 'covered' || state.state === 'clear';
  if (mayFlag && isExplicit(state.recent, rules)) return flagged(state, 'explicit', nowMs);
  switch (state.state) {
    case 'covered':
    case 'clear':
    case 'resumed':
      if (state.late >= LATE_VERDICTS_MAX) return unavailable(state, 'too-slow');
      return isFresh ? settled(state, isClean, nowMs) : recovered(state);
    case 'unavailable':
      return measured(state, takenAtMs, nowMs);
    case 'loading':
    case 'flagged':
    case 'left':
      return state;
    default:
      return assertNever(state);
  }
}

/** Whether a slow device has recovered. Looks in this state show nothing. */
function measured(state: Unavailable, takenAtMs: number, nowMs: number): ShieldState {
  if (state.why !== 'too-slow') return state;
  const swift = nowMs - takenAtMs <= SWIFT_VERDICT_MS ? state.swift + 1 : 0;
  return swift < SWIFT_SAMPLES ? { ...state, swift } : covered(state, nowMs);
}

/** Applies a look in time that raised no flag. */
function settled(state: Covered | Clear | Resumed, isClean: boolean, nowMs: number): ShieldState {
  switch (state.state) {
    case 'covered': {
      const unsure = isClean ? 0 : state.unsure + 1;
      if (unsure >= UNSURE_SAMPLES) return flagged(state, 'unsure', nowMs);
      return opened({ ...state, unsure }, nowMs);
    }
    case 'resumed':
      return state.clean >= CLEAN_SAMPLES ? { ...baseOf(state), state: 'clear' } : state;
    case 'clear':
      return state;
    default:
      return assertNever(state);
  }
}

function flagged(state: ShieldState, why: Flagged['why'], nowMs: number): Flagged {
  return { ...baseOf(state), state: 'flagged', why, flaggedAtMs: nowMs };
}

function isExplicit(recent: readonly number[], { explicitAt }: ShieldRules): boolean {
  if (recent.length < SMOOTHED_SAMPLES) return false;
  return recent.reduce((sum, value) => sum + value, 0) / recent.length >= explicitAt;
}

/** Covers again but keeps earlier looks, since a flag may still follow. */
function recovered(state: ShieldState): Covered {
  return { ...baseOf(state), state: 'covered', clean: 0, unsure: 0 };
}

function opened(state: Covered, nowMs: number): ShieldState {
  if (state.clean < CLEAN_SAMPLES || !state.consent) return state;
  // Also null in a hidden page, which doesn't look.
  if (state.seenAtMs === null || nowMs - state.seenAtMs >= STALE_AFTER_MS) return state;
  return { ...baseOf(state), state: 'clear' };
}

function consented(state: ShieldState, consent: boolean, nowMs: number): ShieldState {
  const next = { ...state, consent };
  if (next.state === 'covered') return opened(next, nowMs);
  if (consent || !isOpen(next)) return next;
  // Keeps the count of clean looks: a clean picture is shown again as soon as the user consents.
  return { ...baseOf(next), state: 'covered', unsure: 0 };
}

function hide(state: ShieldState, isHidden: boolean): ShieldState {
  if (!isHidden) return { ...state, hidden: false };
  const next = { ...state, hidden: true, seenAtMs: null };
  const mayBeShown = isOpen(next) || next.state === 'covered';
  return mayBeShown ? { ...recovered(next), recent: [] } : next;
}

function tick(state: ShieldState, nowMs: number): ShieldState {
  if (state.seenAtMs === null) return state;
  const unseenMs = nowMs - state.seenAtMs;
  if (state.state === 'covered' && unseenMs >= TOO_SLOW_AFTER_MS) {
    return unavailable(state, 'too-slow');
  }
  // Clean looks expire with a picture that wasn't seen for this long, shown or not.
  const mayForget = isOpen(state) || (state.state === 'covered' && state.clean > 0);
  return mayForget && unseenMs >= STALE_AFTER_MS ? recovered(state) : state;
}

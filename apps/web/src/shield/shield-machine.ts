import { assertNever } from '@farandole/kernel/assert';
import type { ShieldRules } from '@farandole/protocol/shield-rules';
import type { ClassifierFault } from './classifier.ts';
import {
  CLEAN_SAMPLES,
  LATE_VERDICTS_MAX,
  RESUMED_CEILING,
  RESUMED_CERTAIN_MS,
  RESUMED_RISE,
  RESUMED_RISE_OF_TWO,
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

/** `too-slow`: this device classifies too slowly, so verdicts arrive too late. */
export type UnavailableReason = Exclude<ClassifierFault, 'stopped'> | 'too-slow';

interface Base {
  /** Whether the user agreed to see and hear the peer. The shield must also allow it. */
  readonly consent: boolean;
  readonly hidden: boolean;
  /** Time of the last timely sample or the start of sampling; `null` while not sampling. */
  readonly seenAtMs: number | null;
  /** How explicit the last samples were, oldest first, at most `SMOOTHED_SAMPLES`. */
  readonly recent: readonly number[];
  /** Number of clean timely samples in a row, counted up to `CLEAN_SAMPLES`. */
  readonly clean: number;
  readonly late: number;
  /** Classifier scores of the last sample; `null` before the first sample. */
  readonly scores: Scores | null;
}

export interface Loading extends Base {
  readonly state: 'loading';
}

/** The peer is covered during the check, and while a clean picture lacks the user's consent. */
export interface Covered extends Base {
  readonly state: 'covered';
  /** Number of samples in a row that were neither clean nor explicit. */
  readonly unsure: number;
  /** Time at which `unsure` reached `UNSURE_SAMPLES`; `null` before, or after a clean sample. */
  readonly unsureAtMs: number | null;
}

export interface Clear extends Base {
  readonly state: 'clear';
}

/** The shield covers the peer because the picture was explicit. */
export interface Flagged extends Base {
  readonly state: 'flagged';
  readonly flaggedAtMs: number;
  /** Mean explicitness of the samples that caused the flag. */
  readonly level: number;
  /**
   * True if the explicitness reached `RESUMED_CEILING` and there were never `SMOOTHED_SAMPLES`
   * clean samples in a row since the flag.
   */
  readonly certain: boolean;
}

/**
 * The shield shows the peer because the user pressed Resume. This state ends when the picture is
 * clean, or more explicit than the flagged one.
 */
export interface Resumed extends Base {
  readonly state: 'resumed';
  /** Explicitness of the resumed flag; `null` if the picture was clean at the press of Resume. */
  readonly level: number | null;
  readonly certain: boolean;
  readonly resumedAtMs: number;
}

export interface Unavailable extends Base {
  readonly state: 'unavailable';
  readonly why: UnavailableReason;
  /** Number of swift samples in a row on a device that was too slow. */
  readonly swift: number;
}

export interface Left extends Base {
  readonly state: 'left';
}

export type ShieldState = Loading | Covered | Clear | Flagged | Resumed | Unavailable | Left;

export type ShieldEvent =
  | { readonly event: 'classifier-ready' }
  | { readonly event: 'classifier-failed'; readonly why: UnavailableReason }
  | { readonly event: 'sampling'; readonly sampling: boolean }
  | { readonly event: 'verdict'; readonly scores: Scores; readonly takenAtMs: number }
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

/** Returns whether the peer's picture and sound may be shown. */
export function isOpen(state: ShieldState): boolean {
  return state.state === 'clear' || state.state === 'resumed';
}

/** Returns whether to sample. On a device that was too slow, samples only measure its speed. */
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
  const last = state.recent.at(-1) ?? 0;
  switch (state.state) {
    case 'unavailable':
      return state.swift === 0 ? 'seldom' : 'again';
    // After a sample that may be explicit, the second sample follows at once. Once the page says
    // that the shield can't tell, the second sample needn't follow at once.
    case 'covered':
      return last >= rules.cleanBelow && state.unsureAtMs === null ? 'again' : 'usual';
    case 'clear':
      return last >= rules.cleanBelow ? 'again' : 'usual';
    case 'resumed':
      return last >= suspiciousFrom(state, rules) ? 'again' : 'usual';
    case 'loading':
    case 'flagged':
    case 'left':
      return 'usual';
    default:
      return assertNever(state);
  }
}

/** Returns the time at which the next event `tick` is due, or null if none is. */
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

/** The state machine of the shield for one user and one peer. It is a pure function. */
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
    case 'sampling':
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
      return resumed(state, nowMs);
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

const SURE = { unsure: 0, unsureAtMs: null };

/** Covers the peer and starts the check again. Samples taken earlier don't count. */
function covered(state: ShieldState, nowMs: number): Covered {
  const seenAtMs = state.seenAtMs === null ? null : nowMs;
  return { ...baseOf(state), state: 'covered', seenAtMs, recent: [], clean: 0, ...SURE };
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
  if (isFlag(state, rules, nowMs)) return flagged(state, nowMs);
  switch (state.state) {
    case 'covered':
    case 'clear':
    case 'resumed':
      if (state.late >= LATE_VERDICTS_MAX) return unavailable(state, 'too-slow');
      return isFresh ? settled(state, isClean, nowMs) : recovered(state);
    case 'unavailable':
      return measured(state, takenAtMs, nowMs);
    case 'flagged':
      return { ...state, certain: isStillCertain(state, nowMs) };
    case 'loading':
    case 'left':
      return state;
    default:
      return assertNever(state);
  }
}

/**
 * Counts swift samples on a device that was too slow. The shield starts again after enough swift
 * samples, but these samples never cause the peer to be shown.
 */
function measured(state: Unavailable, takenAtMs: number, nowMs: number): ShieldState {
  if (state.why !== 'too-slow') return state;
  const swift = nowMs - takenAtMs <= SWIFT_VERDICT_MS ? state.swift + 1 : 0;
  return swift < SWIFT_SAMPLES ? { ...state, swift } : covered(state, nowMs);
}

/** Applies a sample that arrived in time and caused no flag. */
function settled(state: Covered | Clear | Resumed, isClean: boolean, nowMs: number): ShieldState {
  switch (state.state) {
    case 'covered': {
      const unsure = isClean ? 0 : state.unsure + 1;
      const unsureAtMs = unsure >= UNSURE_SAMPLES ? (state.unsureAtMs ?? nowMs) : null;
      return opened({ ...state, unsure, unsureAtMs }, nowMs);
    }
    case 'resumed':
      if (state.clean >= CLEAN_SAMPLES) return { ...baseOf(state), state: 'clear' };
      return { ...state, certain: isStillCertain(state, nowMs) };
    case 'clear':
      return state;
    default:
      return assertNever(state);
  }
}

function flagged(state: ShieldState, nowMs: number): Flagged {
  const level = meanOf(state.recent);
  const certain = level >= RESUMED_CEILING;
  return { ...baseOf(state), state: 'flagged', flaggedAtMs: nowMs, level, certain };
}

function resumed(state: Flagged, nowMs: number): Resumed {
  const level = state.clean >= CLEAN_SAMPLES ? null : state.level;
  const base = { ...baseOf(state), consent: true, seenAtMs: nowMs, recent: [], clean: 0 };
  return { ...base, state: 'resumed', level, certain: state.certain, resumedAtMs: nowMs };
}

/** One clean sample isn't enough, because it may show another part or pose of the picture. */
function isStillCertain(state: Flagged | Resumed, nowMs: number): boolean {
  const isOver = state.state === 'resumed' && nowMs - state.resumedAtMs >= RESUMED_CERTAIN_MS;
  return state.certain && state.clean < SMOOTHED_SAMPLES && !isOver;
}

function isFlag(state: ShieldState, rules: ShieldRules, nowMs: number): boolean {
  switch (state.state) {
    case 'covered':
    case 'clear':
      return isExplicit(state.recent, rules);
    case 'resumed':
      return isFlagAgain(state, rules, nowMs);
    case 'loading':
    case 'flagged':
    case 'unavailable':
    case 'left':
      return false;
    default:
      return assertNever(state);
  }
}

function isExplicit(recent: readonly number[], { explicitAt }: ShieldRules): boolean {
  if (recent.length < SMOOTHED_SAMPLES) return false;
  return meanOf(recent) >= explicitAt;
}

/** Returns whether to flag a resumed picture again, unless it is only slightly more explicit. */
function isFlagAgain(state: Resumed, rules: ShieldRules, nowMs: number): boolean {
  const { level, recent } = state;
  if (level === null) return isExplicit(recent, rules);
  if ((recent.at(-1) ?? 0) >= level + RESUMED_RISE) return true;
  if (recent.length < SMOOTHED_SAMPLES || isStillCertain(state, nowMs)) return false;
  const from = suspiciousFrom({ ...state, certain: false }, rules);
  return recent.every((sample) => sample >= from);
}

/** Returns the explicitness at which a sample may be the first of two that cause another flag. */
function suspiciousFrom({ level, certain }: Resumed, rules: ShieldRules): number {
  if (level === null) return rules.cleanBelow;
  if (certain) return Number.POSITIVE_INFINITY;
  return Math.min(RESUMED_CEILING, level + RESUMED_RISE_OF_TWO);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

/** Covers the peer but keeps earlier samples, because the shield may still flag the peer. */
function recovered(state: ShieldState): Covered {
  return { ...baseOf(state), state: 'covered', clean: 0, ...SURE };
}

function opened(state: Covered, nowMs: number): ShieldState {
  if (state.clean < CLEAN_SAMPLES || !state.consent) return state;
  // While the page is hidden, `seenAtMs` is null, because no samples are taken.
  if (state.seenAtMs === null || nowMs - state.seenAtMs >= STALE_AFTER_MS) return state;
  return { ...baseOf(state), state: 'clear' };
}

function consented(state: ShieldState, consent: boolean, nowMs: number): ShieldState {
  const next = { ...state, consent };
  if (next.state === 'covered') return opened(next, nowMs);
  if (consent || !isOpen(next)) return next;
  // The number of clean samples is kept, so that a clean picture is shown as soon as the user
  // agrees.
  return { ...baseOf(next), state: 'covered', ...SURE };
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
  // Clean samples expire when the last sample is too old, whether or not the peer is shown.
  const mayForget = isOpen(state) || (state.state === 'covered' && state.clean > 0);
  return mayForget && unseenMs >= STALE_AFTER_MS ? recovered(state) : state;
}

import {
  GOOD_CLEAN_SESSIONS,
  HOLD_NETWORKS_MIN,
  HOLD_PROVEN_MIN,
  LINKED_OTHERS_MAX,
  NEW_SESSIONS,
  RESTRICT_NETWORKS_MIN,
  RESTRICT_PROVEN_MIN,
  TRUST_HALF_LIFE_MS,
} from '../limits.ts';
import type { Grounds } from './grounds.ts';

/**
 * Estimates the probability that a user harms others. The inputs are reports, weighed by the
 * reporter's earlier errors, and sessions without a report. The score is naive Bayes in log odds.
 * It restricts, queues and suspends but never bans; only members do. Shield results aren't used, so
 * that a misreading never costs a user anything.
 */

/** Share of a harmful user's sessions that are reported. */
export const HARMFUL_REPORTED = 0.1;
/** Share of another user's sessions that are reported. */
export const BENIGN_REPORTED = 0.004;
/** Share of harmful users among unknown users. */
export const PRIOR = 0.03;
/** Share of harmful users among users linked to a banned one. The link alone doesn't restrict. */
export const LINKED_PRIOR = 0.2;

export const RESTRICT_ABOVE = 0.25;
export const QUEUE_ABOVE = 0.08;
export const SUSPEND_ABOVE = 0.9;
export const GOOD_BELOW = 0.01;

/** Maximum weight of one reporter, in log odds: e⁴ = 55 to one. */
const WEIGHT_MAX = 4;
/** Additional weight of a report with verified evidence. */
const VERIFIED_BONUS = 1.5;
/**
 * Maximum weight of an unproven reporter for restriction and suspension. A cookie costs nothing.
 */
export const UNPROVEN_WEIGHT_MAX = 1.1;
/** Maximum distance of a score below the prior, so that no user becomes immune to reports. */
const IMMUNITY_MAX = 3;

/** Returns the log odds of a probability in (0, 1). */
export function logit(p: number): number {
  return Math.log(p / (1 - p));
}

/** Returns the probability of log odds. Inverse of `logit`. */
export function sigmoid(score: number): number {
  return 1 / (1 + Math.exp(-score));
}

const FLOOR = logit(PRIOR) - IMMUNITY_MAX;

/** Added to the score by a session without a report: ln((1 − q_h) ÷ (1 − q_b)), about −0.10. */
export const CLEAN_SESSION = Math.log((1 - HARMFUL_REPORTED) / (1 - BENIGN_REPORTED));

export interface Trust {
  /** Log odds of harm at the time `atMs`. */
  readonly score: number;
  /** Log odds of a new user, to which the score returns over time. */
  readonly prior: number;
  readonly atMs: number;
  readonly sessions: number;
  /** Number of sessions since the last report with weight. */
  readonly cleanSessions: number;
  /** Grounds of all reports together; absent if there are too few for software to act. */
  readonly grounds?: Grounds;
}

export interface ReporterRecord {
  readonly sessions: number;
  readonly rejected: number;
}

export type Tier = 'new' | 'normal' | 'good' | 'restricted';

/** Returns the trust of an unknown user, who may be linked to a banned one. */
export function firstTrust(linked: boolean, nowMs: number): Trust {
  const prior = logit(linked ? LINKED_PRIOR : PRIOR);
  return { score: prior, prior, atMs: nowMs, sessions: 0, cleanSessions: 0 };
}

export function beganLinked({ prior }: Pick<Trust, 'prior'>): boolean {
  return prior > logit(PRIOR);
}

export interface SameNetwork {
  readonly others: number;
  readonly suspended: number;
}

/**
 * Whether an unknown user starts as linked to a banned user. Requires that the network has few
 * recent users and at least half of them are suspended. On a large network, one banned user would
 * otherwise affect everyone, such as a whole school.
 */
export function isLinked({ others, suspended }: SameNetwork): boolean {
  return suspended > 0 && others <= LINKED_OTHERS_MAX && suspended * 2 >= others;
}

/** Halves the distance to the prior every `TRUST_HALF_LIFE_MS`. Ignores a clock set back. */
export function trustAt(trust: Trust, nowMs: number): Trust {
  const elapsedMs = nowMs - trust.atMs;
  if (elapsedMs <= 0) return trust;
  const score = trust.prior + (trust.score - trust.prior) * leftAfter(elapsedMs);
  return { ...trust, score, atMs: nowMs };
}

function leftAfter(elapsedMs: number): number {
  return 2 ** (-Math.max(0, elapsedMs) / TRUST_HALF_LIFE_MS);
}

export function afterCleanSession(trust: Trust, nowMs: number): Trust {
  const now = trustAt(trust, nowMs);
  return {
    ...now,
    score: Math.max(FLOOR, now.score + CLEAN_SESSION),
    sessions: now.sessions + 1,
    cleanSessions: now.cleanSessions + 1,
  };
}

/** Returns the trust after a reported session. `weight` comes from `weightAdded`. */
export function afterReportedSession(trust: Trust, weight: number, nowMs: number): Trust {
  const now = trustAt(trust, nowMs);
  return {
    ...now,
    score: Math.max(FLOOR, now.score + weight),
    sessions: now.sessions + 1,
    cleanSessions: weight > 0 ? 0 : now.cleanSessions + 1,
  };
}

/** Subtracts the remaining weight of a report that was found wrong. */
export function afterRejectedReport(
  trust: Trust,
  { weight, atMs }: { readonly weight: number; readonly atMs: number },
  nowMs: number,
): Trust {
  const now = trustAt(trust, nowMs);
  return { ...now, score: Math.max(FLOOR, now.score - weight * leftAfter(now.atMs - atMs)) };
}

/** Recomputes the clean sessions when the last report with weight changed. */
export function cleanSinceSession(trust: Trust, lastWeighed: number): Trust {
  return { ...trust, cleanSessions: Math.max(0, trust.sessions - lastWeighed) };
}

export function withGrounds(before: Trust, grounds: Grounds): Trust {
  const { grounds: _, ...trust } = before;
  const { networks, proven } = grounds;
  return networks + proven === 0 ? trust : { ...trust, grounds };
}

/** Returns the reporter's error rate, starting from 0.2 rejected reports in twenty sessions. */
export function falseReportRate({ sessions, rejected }: ReporterRecord): number {
  return (0.2 + rejected) / (20 + sessions);
}

/**
 * `verified`: the server's tags are valid. `contradicted`: a tag is false, so lines were forged.
 */
export type EvidenceState = 'verified' | 'inconclusive' | 'contradicted';

/** Returns ln(q_h ÷ f_r), limited to 0 to 4. Verified evidence adds `VERIFIED_BONUS`. */
export function weightOfReport(reporter: ReporterRecord, evidence: EvidenceState): number {
  if (evidence === 'contradicted') return 0;
  const weight = Math.log(HARMFUL_REPORTED / falseReportRate(reporter));
  const clamped = Math.min(WEIGHT_MAX, Math.max(0, weight));
  return clamped + (evidence === 'verified' ? VERIFIED_BONUS : 0);
}

/** Returns the part of a report's weight that counts for restriction and suspension. */
export function weightForSoftware(weight: number, isProven: boolean): number {
  return isProven ? weight : Math.min(weight, UNPROVEN_WEIGHT_MAX);
}

/** Returns the probability of harm at the time of the trust value. */
export function harmProbability(trust: Trust): number {
  return sigmoid(trust.score);
}

/** Whether software restricts the user at the time of the trust value. */
export function isRestricted(trust: Trust): boolean {
  const { grounds, atMs } = trust;
  if (grounds === undefined) return false;
  if (atMs < grounds.crowdUntilMs) return true;
  // A linked user shares a network with a suspended user, so one report network fewer is required.
  const networksMin = beganLinked(trust) ? RESTRICT_NETWORKS_MIN - 1 : RESTRICT_NETWORKS_MIN;
  return (
    harmProbability(trust) > RESTRICT_ABOVE &&
    grounds.networks >= networksMin &&
    grounds.proven >= RESTRICT_PROVEN_MIN
  );
}

/** When a restriction ends without further events. Null if there is none. */
export function restrictionEndsAtMs(trust: Trust): number | null {
  const { grounds, atMs, prior, score } = trust;
  if (grounds === undefined || !isRestricted(trust)) return null;
  const isByScore = isRestricted({ ...trust, grounds: { ...grounds, crowdUntilMs: 0 } });
  // The decay of `trustAt`, solved for the time. Every prior is below the bar.
  const halvings = isByScore ? Math.log2((score - prior) / (logit(RESTRICT_ABOVE) - prior)) : 0;
  return Math.max(grounds.crowdUntilMs, Math.ceil(atMs + halvings * TRUST_HALF_LIFE_MS));
}

export function tierOf(trust: Trust): Tier {
  if (isRestricted(trust)) return 'restricted';
  if (trust.sessions < NEW_SESSIONS) return 'new';
  const isGood = harmProbability(trust) < GOOD_BELOW;
  return isGood && trust.cleanSessions >= GOOD_CLEAN_SESSIONS ? 'good' : 'normal';
}

export type Segment = 'restricted' | 'normal' | 'good';

/** Share of good users whose search joins the normal segment, so that normal users meet them. */
const GOOD_IN_NORMAL = 0.1;
/**
 * Share of new users whose search joins the good segment. A segment of newcomers alone would fill
 * with returning banned users.
 */
const NEW_AMONG_GOOD = 0.5;

/** @param chance returns true with the given probability */
export function segmentOf(tier: Tier, chance: (probability: number) => boolean): Segment {
  switch (tier) {
    case 'restricted':
    case 'normal':
      return tier;
    case 'new':
      return chance(NEW_AMONG_GOOD) ? 'good' : 'normal';
    case 'good':
      return chance(GOOD_IN_NORMAL) ? 'normal' : 'good';
  }
}

/** @param uncapped weight of the reports that counts for a review only */
export function wantsReview(trust: Trust, uncapped = 0): boolean {
  return sigmoid(trust.score + uncapped) > QUEUE_ABOVE;
}

/** Whether software may suspend a user until a review, for at most `SUSPENSION_MS_MAX`. */
export function maySuspend(trust: Trust, { networks, proven }: Grounds): boolean {
  return (
    harmProbability(trust) > SUSPEND_ABOVE &&
    networks >= HOLD_NETWORKS_MIN &&
    proven >= HOLD_PROVEN_MIN
  );
}

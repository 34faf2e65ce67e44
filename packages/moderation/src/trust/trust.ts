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
 * This file estimates the probability that a user harms others. Its inputs are sessions without
 * a report, and reports weighed by their reporters' earlier errors. The score is naive Bayes in
 * log odds. By its score a user can be restricted, queued for review and suspended but never
 * banned, which only members do. Results of the shield aren't used, so that a misreading never
 * affects a user.
 */

/** Assumed share of a harmful user's sessions that are reported (q_h). */
export const HARMFUL_REPORTED = 0.1;
/** Assumed share of other users' sessions that are reported (q_b). */
export const BENIGN_REPORTED = 0.004;
/** Assumed share of harmful users among unknown users. */
export const PRIOR = 0.03;
/**
 * Assumed share of harmful users among those linked to a banned one. The link alone never
 * restricts a user.
 */
export const LINKED_PRIOR = 0.2;

export const RESTRICT_ABOVE = 0.25;
export const QUEUE_ABOVE = 0.08;
export const SUSPEND_ABOVE = 0.9;
export const GOOD_BELOW = 0.01;

/** Maximum weight of one report, in log odds: e⁴ = 55 to one. */
const WEIGHT_MAX = 4;
/** Additional weight of a report with verified evidence. */
const VERIFIED_BONUS = 1.5;
/**
 * Maximum weight of an unproven reporter's report for restrictions and suspensions. It is low
 * because a new cookie costs nothing.
 */
export const UNPROVEN_WEIGHT_MAX = 1.1;
/** Maximum distance of a score below the prior, so that no user becomes immune to reports. */
const IMMUNITY_MAX = 3;

/** Returns the log odds of a probability in (0, 1). */
export function logit(p: number): number {
  return Math.log(p / (1 - p));
}

/** Returns the probability of log odds. This is the inverse of `logit`. */
export function sigmoid(score: number): number {
  return 1 / (1 + Math.exp(-score));
}

const FLOOR = logit(PRIOR) - IMMUNITY_MAX;

/** What a session without a report adds to a score: ln((1 − q_h) ÷ (1 − q_b)), about −0.10. */
export const CLEAN_SESSION = Math.log((1 - HARMFUL_REPORTED) / (1 - BENIGN_REPORTED));

export interface Trust {
  /** Log odds, at the time `atMs`, that the user harms others. */
  readonly score: number;
  /** Log odds that the user had at first, to which the score returns over time. */
  readonly prior: number;
  readonly atMs: number;
  readonly sessions: number;
  /** Number of sessions since the last report with weight. */
  readonly cleanSessions: number;
  /** Grounds of all reports together. Absent if there are too few for software to act. */
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
 * Returns whether an unknown user starts as linked to a banned user. The network must have few
 * recent users, and at least half of them must be suspended. Otherwise one banned user of a
 * large network would affect everyone on it, such as a whole school.
 */
export function isLinked({ others, suspended }: SameNetwork): boolean {
  return suspended > 0 && others <= LINKED_OTHERS_MAX && suspended * 2 >= others;
}

/**
 * Returns the trust at a time: the distance to the prior halves every `TRUST_HALF_LIFE_MS`. A
 * clock that was set back changes nothing.
 */
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

/** Returns the trust after a reported session. `weight` is a result of `weightAdded`. */
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

/** Recomputes the number of clean sessions when another report became the last one with weight. */
export function cleanSinceSession(trust: Trust, lastWeighed: number): Trust {
  return { ...trust, cleanSessions: Math.max(0, trust.sessions - lastWeighed) };
}

export function withGrounds(before: Trust, grounds: Grounds): Trust {
  const { grounds: _, ...trust } = before;
  const { networks, proven } = grounds;
  return networks + proven === 0 ? trust : { ...trust, grounds };
}

/** Returns a reporter's error rate. It starts with 0.2 rejected reports in twenty sessions. */
export function falseReportRate({ sessions, rejected }: ReporterRecord): number {
  return (0.2 + rejected) / (20 + sessions);
}

/** `verified`: the tags of all lines are valid. `contradicted`: lines were forged. */
export type EvidenceState = 'verified' | 'inconclusive' | 'contradicted';

/**
 * Returns a report's weight: ln(q_h ÷ f_r), limited to 0 to 4. Here q_h is `HARMFUL_REPORTED` and
 * f_r is the reporter's error rate. Verified evidence adds `VERIFIED_BONUS`.
 */
export function weightOfReport(reporter: ReporterRecord, evidence: EvidenceState): number {
  if (evidence === 'contradicted') return 0;
  const weight = Math.log(HARMFUL_REPORTED / falseReportRate(reporter));
  const clamped = Math.min(WEIGHT_MAX, Math.max(0, weight));
  return clamped + (evidence === 'verified' ? VERIFIED_BONUS : 0);
}

/** Returns the part of a report's weight that counts for restrictions and suspensions. */
export function weightForSoftware(weight: number, isProven: boolean): number {
  return isProven ? weight : Math.min(weight, UNPROVEN_WEIGHT_MAX);
}

export function harmProbability(trust: Trust): number {
  return sigmoid(trust.score);
}

/** Returns whether software restricts the user at the time of the trust value. */
export function isRestricted(trust: Trust): boolean {
  const { grounds, atMs } = trust;
  if (grounds === undefined) return false;
  if (atMs < grounds.crowdUntilMs) return true;
  // Requires reports from one network fewer for a linked user, who already shares a network with a
  // suspended user.
  const networksMin = beganLinked(trust) ? RESTRICT_NETWORKS_MIN - 1 : RESTRICT_NETWORKS_MIN;
  return (
    harmProbability(trust) > RESTRICT_ABOVE &&
    grounds.networks >= networksMin &&
    grounds.proven >= RESTRICT_PROVEN_MIN
  );
}

/** Returns when a restriction ends if nothing else happens. Null if there is none. */
export function restrictionEndsAtMs(trust: Trust): number | null {
  const { grounds, atMs, prior, score } = trust;
  if (grounds === undefined || !isRestricted(trust)) return null;
  const isByScore = isRestricted({ ...trust, grounds: { ...grounds, crowdUntilMs: 0 } });
  // Solves the decay in `trustAt` for the time. A solution exists because every prior is below
  // `RESTRICT_ABOVE`.
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

/** Share of good users' searches in the normal segment, so that normal users meet good ones. */
const GOOD_IN_NORMAL = 0.1;
/**
 * Share of new users' searches that join the good segment. A segment of newcomers alone would
 * fill with banned users who return.
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

/** @param uncapped weight of reports that counts only for a review */
export function wantsReview(trust: Trust, uncapped = 0): boolean {
  return sigmoid(trust.score + uncapped) > QUEUE_ABOVE;
}

/** Returns whether software may suspend a user until a review, for at most `SUSPENSION_MS_MAX`. */
export function maySuspend(trust: Trust, { networks, proven }: Grounds): boolean {
  return (
    harmProbability(trust) > SUSPEND_ABOVE &&
    networks >= HOLD_NETWORKS_MIN &&
    proven >= HOLD_PROVEN_MIN
  );
}

import {
  BURST_MS,
  GOOD_CLEAN_SESSIONS,
  LINKED_OTHERS_MAX,
  NEW_SESSIONS,
  SUSPENSION_REPORTERS_MIN,
  TRUST_HALF_LIFE_MS,
} from '../limits.ts';

/**
 * Estimates the probability that a user harms others, from reports, weighed by the reporter's
 * earlier errors, and unreported sessions.
 * A naive Bayes score in log odds. It restricts, queues and holds but never bans: only people do.
 * Shield results aren't used, so that misreadings cost users nothing.
 */

/** Share of harmful users' sessions that is reported. */
export const HARMFUL_REPORTED = 0.1;
/** The same for other users. */
export const BENIGN_REPORTED = 0.004;
/** Share of harmful users among unknown ones. */
export const PRIOR = 0.03;
/** The same among users linked to a banned one. */
export const LINKED_PRIOR = 0.3;

export const RESTRICT_ABOVE = 0.25;
export const QUEUE_ABOVE = 0.08;
export const SUSPEND_ABOVE = 0.9;
export const GOOD_BELOW = 0.01;

/** One reporter weighs at most e⁴ = 55 to one. */
const WEIGHT_MAX = 4;
/** Added for verified evidence. */
const VERIFIED_BONUS = 1.5;
/** Share of further correlated reports added to the strongest. */
const CORRELATED_SHARE = 0.25;
/** Maximum distance below the prior, so that no user becomes immune. */
const IMMUNITY_MAX = 3;

/** Log odds of a probability in (0, 1). */
export function logit(p: number): number {
  return Math.log(p / (1 - p));
}

/** Inverse of `logit`. */
export function sigmoid(score: number): number {
  return 1 / (1 + Math.exp(-score));
}

const FLOOR = logit(PRIOR) - IMMUNITY_MAX;

/** Added by an unreported session: ln((1 − q_h) ÷ (1 − q_b)), about −0.10. */
export const CLEAN_SESSION = Math.log((1 - HARMFUL_REPORTED) / (1 - BENIGN_REPORTED));

export interface Trust {
  /** Log odds as of `atMs`. */
  readonly score: number;
  /** Log odds to which the score decays. */
  readonly prior: number;
  readonly atMs: number;
  readonly sessions: number;
  /** Sessions since the last report with weight. */
  readonly cleanSessions: number;
}

export interface ReporterRecord {
  readonly sessions: number;
  readonly rejected: number;
}

export type Tier = 'new' | 'normal' | 'good' | 'restricted';

/** Trust of an unknown user, possibly linked to a banned one. */
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
 * Whether an unknown user starts as linked to a banned one: at least half of the few recent users
 * of the network are suspended. A large network proves nothing, or a whole school would be punished
 * for one user.
 */
export function isLinked({ others, suspended }: SameNetwork): boolean {
  return suspended > 0 && others <= LINKED_OTHERS_MAX && suspended * 2 >= others;
}

/** Decays halfway to the prior in `TRUST_HALF_LIFE_MS`. Ignores a clock that went back. */
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

/** After a reported session; `weight` is from `weightOfReports`. */
export function afterReportedSession(trust: Trust, weight: number, nowMs: number): Trust {
  const now = trustAt(trust, nowMs);
  return {
    ...now,
    score: Math.max(FLOOR, now.score + weight),
    sessions: now.sessions + 1,
    cleanSessions: weight > 0 ? 0 : now.cleanSessions + 1,
  };
}

/** Subtracts the remaining weight of a report found wrong. */
export function afterRejectedReport(
  trust: Trust,
  { weight, atMs }: { readonly weight: number; readonly atMs: number },
  nowMs: number,
): Trust {
  const now = trustAt(trust, nowMs);
  return { ...now, score: Math.max(FLOOR, now.score - weight * leftAfter(now.atMs - atMs)) };
}

/** Recounts clean sessions after the last report with weight changed. */
export function cleanSinceSession(trust: Trust, lastWeighed: number): Trust {
  return { ...trust, cleanSessions: Math.max(0, trust.sessions - lastWeighed) };
}

/** Starts from a prior of 0.2 rejected reports in twenty sessions. */
export function falseReportRate({ sessions, rejected }: ReporterRecord): number {
  return (0.2 + rejected) / (20 + sessions);
}

/** `verified`: by the server's tags. `contradicted`: the tags don't verify. */
export type EvidenceState = 'verified' | 'inconclusive' | 'contradicted';

/** ln(q_h ÷ f_r), between 0 and 4, more with verified evidence. */
export function weightOfReport(reporter: ReporterRecord, evidence: EvidenceState): number {
  if (evidence === 'contradicted') return 0;
  const weight = Math.log(HARMFUL_REPORTED / falseReportRate(reporter));
  const clamped = Math.min(WEIGHT_MAX, Math.max(0, weight));
  return clamped + (evidence === 'verified' ? VERIFIED_BONUS : 0);
}

/** The facts by which reports are correlated. */
export interface WeighedReport {
  readonly weight: number;
  /** A keyed hash of the reporter's network; null while unknown. */
  readonly network: string | null;
  readonly atMs: number;
}

/** A burst from one network counts as its strongest report plus a quarter of the others. */
export function weightOfReports(reports: readonly WeighedReport[]): number {
  let sum = 0;
  for (const burst of burstsOf(reports)) {
    const strongest = Math.max(...burst.map(({ weight }) => weight));
    const all = burst.reduce((total, { weight }) => total + weight, 0);
    sum += strongest + CORRELATED_SHARE * (all - strongest);
  }
  return sum;
}

/** Groups by network, each within `BURST_MS` of the group's first. */
function burstsOf(reports: readonly WeighedReport[]): WeighedReport[][] {
  const bursts: WeighedReport[][] = [];
  const open = new Map<string, WeighedReport[]>();
  for (const report of reports.toSorted((a, b) => a.atMs - b.atMs)) {
    const burst = report.network === null ? undefined : open.get(report.network);
    const [first] = burst ?? [];
    if (burst !== undefined && first !== undefined && report.atMs - first.atMs < BURST_MS) {
      burst.push(report);
      continue;
    }
    const begun = [report];
    bursts.push(begun);
    if (report.network !== null) open.set(report.network, begun);
  }
  return bursts;
}

/** As of the trust's own time. */
export function harmProbability(trust: Trust): number {
  return sigmoid(trust.score);
}

export function tierOf(trust: Trust): Tier {
  const p = harmProbability(trust);
  if (p > RESTRICT_ABOVE) return 'restricted';
  if (trust.sessions < NEW_SESSIONS) return 'new';
  return p < GOOD_BELOW && trust.cleanSessions >= GOOD_CLEAN_SESSIONS ? 'good' : 'normal';
}

export type Segment = 'restricted' | 'normal' | 'good';

/** Share of good users who search among the normal, so that normal users meet them. */
const GOOD_IN_NORMAL = 0.1;
/** New users who search among the good: a pool of newcomers would consist of banned users. */
const NEW_AMONG_GOOD = 0.5;

/** @param chance true with the given probability */
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

export function wantsReview(trust: Trust): boolean {
  return harmProbability(trust) > QUEUE_ABOVE;
}

/** Whether software may suspend a user until a review, for at most `SUSPENSION_MS_MAX`. */
export function maySuspend(trust: Trust, distinctReporters: number): boolean {
  return harmProbability(trust) > SUSPEND_ABOVE && distinctReporters >= SUSPENSION_REPORTERS_MIN;
}

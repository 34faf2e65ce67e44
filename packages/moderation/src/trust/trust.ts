import {
  BURST_MS,
  GOOD_CLEAN_SESSIONS,
  HOLD_REPORTERS_MIN,
  LINKED_OTHERS_MAX,
  NEW_SESSIONS,
  TRUST_HALF_LIFE_MS,
} from '../limits.ts';

/**
 * How likely it is that a person harms those whom they meet, from what is known: reports, weighed
 * by how often each reporter was wrong before, and sessions that nobody reported.
 *
 * A naive Bayes score in log odds. It restricts, queues and holds; it never bans: only people do.
 * Nothing of the shield is in it, so that nobody pays for what a model misreads.
 */

/** Of those who do harm, the part of their sessions that is reported. */
export const HARMFUL_REPORTED = 0.1;
/** Of everybody else, the same. */
export const BENIGN_REPORTED = 0.004;
/** Those who come to do harm, of all of whom nothing is known. */
export const PRIOR = 0.03;
/** The same, of whoever is linked to a person who was banned. */
export const LINKED_PRIOR = 0.3;

export const RESTRICT_ABOVE = 0.25;
export const QUEUE_ABOVE = 0.08;
export const HOLD_ABOVE = 0.9;
export const GOOD_BELOW = 0.01;

/** One reporter weighs at most e⁴ = 55 to one. */
const WEIGHT_MAX = 4;
/** What evidence that verifies adds to a report. */
const VERIFIED_BONUS = 1.5;
/** Of reporters who are one group, what the others add to the strongest. */
const CORRELATED_SHARE = 0.25;
/** How far below the prior a score may fall: nobody becomes immune. */
const IMMUNITY_MAX = 3;

/** The log odds of a probability in (0, 1). */
export function logit(p: number): number {
  return Math.log(p / (1 - p));
}

/** The probability of log odds: the inverse of `logit`. */
export function sigmoid(score: number): number {
  return 1 / (1 + Math.exp(-score));
}

const FLOOR = logit(PRIOR) - IMMUNITY_MAX;

/** What one session that nobody reported adds: ln((1 − q_h) ÷ (1 − q_b)), about −0.10. */
export const CLEAN_SESSION = Math.log((1 - HARMFUL_REPORTED) / (1 - BENIGN_REPORTED));

/** What is known of one subject. Plain data, kept with the subject. */
export interface Trust {
  /** Log odds as of `atMs`. */
  readonly score: number;
  /** Log odds that time leads back to: of the prior, or of the linked prior. */
  readonly prior: number;
  readonly atMs: number;
  readonly sessions: number;
  /** Sessions since the last report that weighed anything. */
  readonly cleanSessions: number;
}

/** What is known of a subject as a reporter. */
export interface ReporterRecord {
  readonly sessions: number;
  /** Reports of theirs that people found to be wrong. */
  readonly rejected: number;
}

export type Tier = 'new' | 'normal' | 'good' | 'restricted';

/** Somebody of whom nothing is known but whether they are linked to a banned anchor. */
export function firstTrust(linked: boolean, nowMs: number): Trust {
  const prior = logit(linked ? LINKED_PRIOR : PRIOR);
  return { score: prior, prior, atMs: nowMs, sessions: 0, cleanSessions: 0 };
}

/** Whether somebody began as linked to a person who was banned. */
export function beganLinked({ prior }: Pick<Trust, 'prior'>): boolean {
  return prior > logit(PRIOR);
}

/** Others who came from the network that somebody comes from, within `LINKED_MS`. */
export interface SameNetwork {
  readonly others: number;
  /** Of these, those who are suspended. */
  readonly suspended: number;
}

/**
 * Whether somebody of whom nothing is known begins as linked to a person who was banned: at least
 * half of those who came from there lately are suspended, and they are few. Of a network that many
 * share nothing is concluded, or all of a school would pay for one.
 */
export function isLinked({ others, suspended }: SameNetwork): boolean {
  return suspended > 0 && others <= LINKED_OTHERS_MAX && suspended * 2 >= others;
}

/**
 * The same trust at a later moment: half of the way back to the prior in `TRUST_HALF_LIFE_MS`.
 * A clock that went back changes nothing.
 */
export function trustAt(trust: Trust, nowMs: number): Trust {
  const elapsedMs = nowMs - trust.atMs;
  if (elapsedMs <= 0) return trust;
  const score = trust.prior + (trust.score - trust.prior) * leftAfter(elapsedMs);
  return { ...trust, score, atMs: nowMs };
}

/** How much of what is known is left after so long. */
function leftAfter(elapsedMs: number): number {
  return 2 ** (-Math.max(0, elapsedMs) / TRUST_HALF_LIFE_MS);
}

/** After a session that nobody reported. */
export function afterCleanSession(trust: Trust, nowMs: number): Trust {
  const now = trustAt(trust, nowMs);
  return {
    ...now,
    score: Math.max(FLOOR, now.score + CLEAN_SESSION),
    sessions: now.sessions + 1,
    cleanSessions: now.cleanSessions + 1,
  };
}

/** After a session that was reported, by reports that weigh so much together (`weightOfReports`). */
export function afterReportedSession(trust: Trust, weight: number, nowMs: number): Trust {
  const now = trustAt(trust, nowMs);
  return {
    ...now,
    score: Math.max(FLOOR, now.score + weight),
    sessions: now.sessions + 1,
    cleanSessions: weight > 0 ? 0 : now.cleanSessions + 1,
  };
}

/** Takes back what is left of a report's weight, once people found that it was wrong. */
export function afterRejectedReport(
  trust: Trust,
  { weight, atMs }: { readonly weight: number; readonly atMs: number },
  nowMs: number,
): Trust {
  const now = trustAt(trust, nowMs);
  return { ...now, score: Math.max(FLOOR, now.score - weight * leftAfter(now.atMs - atMs)) };
}

/** With the sessions that are clean counted anew, once people changed which session was the last that weighs. */
export function cleanSinceSession(trust: Trust, lastWeighed: number): Trust {
  return { ...trust, cleanSessions: Math.max(0, trust.sessions - lastWeighed) };
}

/** How often a reporter is wrong, with two tenths of a rejected report in twenty sessions to begin with. */
export function falseReportRate({ sessions, rejected }: ReporterRecord): number {
  return (0.2 + rejected) / (20 + sessions);
}

/** `verified`: by the server's tags. `contradicted`: an opening that fails them. */
export type EvidenceState = 'verified' | 'inconclusive' | 'contradicted';

/** The weight of one report: ln(q_h ÷ f_r), between 0 and 4, more with evidence that verifies. */
export function weightOfReport(reporter: ReporterRecord, evidence: EvidenceState): number {
  if (evidence === 'contradicted') return 0;
  const weight = Math.log(HARMFUL_REPORTED / falseReportRate(reporter));
  const clamped = Math.min(WEIGHT_MAX, Math.max(0, weight));
  return clamped + (evidence === 'verified' ? VERIFIED_BONUS : 0);
}

/** A report as far as others can be correlated with it. */
export interface WeighedReport {
  readonly weight: number;
  /** A keyed hash of the reporter's network, or null while it is not known. */
  readonly network: string | null;
  readonly atMs: number;
}

/**
 * What several reports of one subject weigh together: those of one burst from one network count
 * as the strongest of them and a quarter of the others, so that a crowd in one room is no crowd.
 */
export function weightOfReports(reports: readonly WeighedReport[]): number {
  let sum = 0;
  for (const burst of burstsOf(reports)) {
    const strongest = Math.max(...burst.map(({ weight }) => weight));
    const all = burst.reduce((total, { weight }) => total + weight, 0);
    sum += strongest + CORRELATED_SHARE * (all - strongest);
  }
  return sum;
}

/** Reports in groups: one network, each within `BURST_MS` of the group's first. */
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

/** The probability that a person harms, as of the trust's own moment. */
export function harmProbability(trust: Trust): number {
  return sigmoid(trust.score);
}

export function tierOf(trust: Trust): Tier {
  const p = harmProbability(trust);
  if (p > RESTRICT_ABOVE) return 'restricted';
  if (trust.sessions < NEW_SESSIONS) return 'new';
  return p < GOOD_BELOW && trust.cleanSessions >= GOOD_CLEAN_SESSIONS ? 'good' : 'normal';
}

/** Among whom somebody looks for a stranger. */
export type Circle = 'restricted' | 'normal' | 'good';

/** Of those in good standing, who plays with everybody else, so that a normal person meets them. */
const GOOD_IN_NORMAL = 0.1;
/** Of the new, who meets good standing: a pool of newcomers alone would be the banned's. */
const NEW_AMONG_GOOD = 0.5;

/**
 * The circle of one search.
 *
 * @param chance true as often as it is told, between 0 and 1
 */
export function circleOf(tier: Tier, chance: (probability: number) => boolean): Circle {
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

/** Whether a person should look. */
export function wantsReview(trust: Trust): boolean {
  return harmProbability(trust) > QUEUE_ABOVE;
}

/** Whether software may keep a person out until somebody has looked, for `HOLD_MS_MAX` at most. */
export function mayHold(trust: Trust, distinctReporters: number): boolean {
  return harmProbability(trust) > HOLD_ABOVE && distinctReporters >= HOLD_REPORTERS_MIN;
}

import type { CaseFacts, ReasonGiven } from '../cases/case-machine.ts';
import { UNPROVEN_EVERY } from '../limits.ts';
import { harmProbability, type Trust, wantsReview } from '../trust/trust.ts';
import { ruleOfReason } from './reason.ts';

/** The urgency of a case, with its factors, so that a moderator sees the reasons for it. */
export interface Priority {
  /** Whether the case involves a possible minor, imminent harm, or a proposal that waits long. */
  readonly pinned: boolean;
  /** Severity × p × exposure × lateness. Scores are only compared with each other. */
  readonly score: number;
  readonly severity: number;
  readonly harmProbability: number;
  readonly metLastHour: number;
  /** How late the review is: 1 at the most urgent reason's deadline, 2 after twice that time. */
  readonly lateness: number;
  readonly dueAtMs: number;
}

export interface SubjectNow {
  readonly trust: Trust;
  readonly metLastHour: number;
}

export function priorityOf(facts: CaseFacts, subject: SubjectNow, nowMs: number): Priority {
  const given = reasonsOf(facts).map(({ reason, firstAtMs }) => {
    const rule = ruleOfReason(reason);
    const lateness = Math.max(0, (nowMs - firstAtMs) / rule.deadlineMs);
    return { rule, lateness };
  });
  const severity = Math.max(1, ...given.map(({ rule }) => rule.severity));
  const lateness = Math.max(0, ...given.map((one) => one.lateness));
  const p = harmProbability(subject.trust);
  return {
    pinned: isPinned(facts),
    // Adds 1 inside each factor, so that a factor of 0 doesn't make the product 0.
    score: severity * p * (1 + Math.log2(1 + subject.metLastHour)) * (1 + lateness),
    severity,
    harmProbability: p,
    metLastHour: subject.metLastHour,
    lateness,
    dueAtMs: dueAtMsOf(facts),
  };
}

export function dueAtMsOf(facts: Pick<CaseFacts, 'reasons' | 'openedAtMs'>): number {
  const due = reasonsOf(facts).map(
    ({ reason, firstAtMs }) => firstAtMs + ruleOfReason(reason).deadlineMs,
  );
  return Math.min(...due);
}

/** Returns a case's counted reasons. Without any it has the severity and deadline of `other`. */
function reasonsOf({
  reasons,
  openedAtMs,
}: Pick<CaseFacts, 'reasons' | 'openedAtMs'>): readonly ReasonGiven[] {
  return reasons.length > 0 ? reasons : [{ reason: 'other', times: 0, firstAtMs: openedAtMs }];
}

/** Compares two cases for the queue: pinned cases first, then higher scores, then older cases. */
export function byPriority(
  a: { readonly priority: Priority; readonly facts: CaseFacts },
  b: { readonly priority: Priority; readonly facts: CaseFacts },
): number {
  return (
    Number(b.priority.pinned) - Number(a.priority.pinned) ||
    b.priority.score - a.priority.score ||
    a.facts.openedAtMs - b.facts.openedAtMs ||
    (a.facts.id < b.facts.id ? -1 : 1)
  );
}

export function isPinned({
  imminent,
  reasons,
  crowded,
}: Pick<CaseFacts, 'imminent' | 'reasons' | 'crowded'>): boolean {
  return imminent || crowded === true || reasons.some(({ reason }) => ruleOfReason(reason).pinned);
}

/** Returns whether an open case needs a review: it is pinned or its subject's score is high. */
export function belongsInQueue(facts: CaseFacts, trust: Trust, uncapped = 0): boolean {
  return isPinned(facts) || wantsReview(trust, uncapped);
}

/**
 * Moves cases with only unproven reporters forward, so that they are one of every
 * `UNPROVEN_EVERY` unpinned cases while any waits. Otherwise members would never reach reports
 * by new users. The order of all other cases stays.
 */
export function withUnproven<
  Waiting extends {
    readonly of: Pick<CaseFacts, 'provenReporters'>;
    readonly priority: Pick<Priority, 'pinned'>;
  },
>(ordered: readonly Waiting[]): readonly Waiting[] {
  const pinned = ordered.filter(({ priority }) => priority.pinned);
  const others = ordered.filter(({ priority }) => !priority.pinned);
  const isUnproven = ({ of }: Waiting) => (of.provenReporters ?? 0) === 0;
  const unproven = others.filter(isUnproven);
  const mixed = new Set<Waiting>();
  let nextUnproven = 0;
  let sinceUnproven = 0;
  for (const first of others) {
    if (mixed.has(first)) continue;
    if (sinceUnproven >= UNPROVEN_EVERY - 1 && !isUnproven(first)) {
      while (mixed.has(unproven[nextUnproven] ?? first)) nextUnproven += 1;
      const next = unproven[nextUnproven];
      if (next !== undefined) mixed.add(next);
      sinceUnproven = 0;
    }
    mixed.add(first);
    sinceUnproven = isUnproven(first) ? 0 : sinceUnproven + 1;
  }
  return [...pinned, ...mixed];
}

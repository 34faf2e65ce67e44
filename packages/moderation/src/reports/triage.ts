import type { CaseFacts, ReasonGiven } from '../cases/case-machine.ts';
import { harmProbability, type Trust, wantsReview } from '../trust/trust.ts';
import { ruleOfReason } from './reason.ts';

/** A case's urgency in parts, so that a moderator sees the reasons. */
export interface Priority {
  /** Minors, imminent harm, and proposals that wait long. */
  readonly pinned: boolean;
  /** Severity × p × exposure × lateness; only the order matters. */
  readonly score: number;
  readonly severity: number;
  readonly harmProbability: number;
  readonly metLastHour: number;
  /** 1 at the most urgent reason's deadline, 2 at twice its time. */
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
    // Adds 1 to each factor, so that a zero doesn't cancel the others.
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

/** A case without a counted reason is treated as "other". */
function reasonsOf({
  reasons,
  openedAtMs,
}: Pick<CaseFacts, 'reasons' | 'openedAtMs'>): readonly ReasonGiven[] {
  return reasons.length > 0 ? reasons : [{ reason: 'other', times: 0, firstAtMs: openedAtMs }];
}

/** Queue order: pinned first, then by score, then oldest first. */
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

export function isPinned({ imminent, reasons }: Pick<CaseFacts, 'imminent' | 'reasons'>): boolean {
  return imminent || reasons.some(({ reason }) => ruleOfReason(reason).pinned);
}

/** Whether an open case needs a review: it is pinned, or the subject's score is high enough. */
export function belongsInQueue(facts: CaseFacts, trust: Trust): boolean {
  return isPinned(facts) || wantsReview(trust);
}

import type { CaseFacts, ReasonGiven } from '../cases/case-machine.ts';
import { harmProbability, type Trust, wantsReview } from '../trust/trust.ts';
import { ruleOfReason } from './reason.ts';

/** How urgent a case is, in parts, so that a moderator sees why it stands where it stands. */
export interface Priority {
  /** Minors, harm that is near, and what waits long for a second person: above everything that is not. */
  readonly pinned: boolean;
  /** Severity × p × exposure × lateness; only its order means anything. */
  readonly score: number;
  readonly severity: number;
  readonly harmProbability: number;
  /** People whom the subject met in the last hour. */
  readonly metLastHour: number;
  /** 1 at the deadline of the most pressing reason, 2 at twice its time. */
  readonly lateness: number;
  /** When somebody should have looked at the latest. */
  readonly dueAtMs: number;
}

/** What is known of the subject beside the case. */
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
    // One more than each: nobody met, or no time gone by, makes nothing of all the rest.
    score: severity * p * (1 + Math.log2(1 + subject.metLastHour)) * (1 + lateness),
    severity,
    harmProbability: p,
    metLastHour: subject.metLastHour,
    lateness,
    dueAtMs: dueAtMsOf(facts),
  };
}

/** When somebody should have looked at the latest. */
export function dueAtMsOf(facts: Pick<CaseFacts, 'reasons' | 'openedAtMs'>): number {
  const due = reasonsOf(facts).map(
    ({ reason, firstAtMs }) => firstAtMs + ruleOfReason(reason).deadlineMs,
  );
  return Math.min(...due);
}

/** A case that nobody gave a reason for which counts is one of any other. */
function reasonsOf({
  reasons,
  openedAtMs,
}: Pick<CaseFacts, 'reasons' | 'openedAtMs'>): readonly ReasonGiven[] {
  return reasons.length > 0 ? reasons : [{ reason: 'other', times: 0, firstAtMs: openedAtMs }];
}

/** The order of the queue: pinned first, then the score, then whoever waited longer. */
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

/** Minors, and harm that is near: above everything that is not. */
export function isPinned({ imminent, reasons }: Pick<CaseFacts, 'imminent' | 'reasons'>): boolean {
  return imminent || reasons.some(({ reason }) => ruleOfReason(reason).pinned);
}

/** Whether a person should look at an open case: it is pinned, or enough is known of the subject. */
export function belongsInQueue(facts: CaseFacts, trust: Trust): boolean {
  return isPinned(facts) || wantsReview(trust);
}

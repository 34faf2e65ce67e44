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
  const late = reasonsOf(facts).map(
    ({ reason, firstAtMs }) => (nowMs - firstAtMs) / ruleOfReason(reason).deadlineMs,
  );
  const lateness = Math.max(0, ...late);
  const severity = severityOf(facts);
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

/**
 * Sort key of a case in the queue, compared field by field. Pinned cases come first. Within one
 * priority, cases of proven reporters come first, then the networks of unproven reporters take
 * turns. Then higher scores come first, then older cases.
 */
export type QueueKey = readonly [
  unpinned: number,
  first: number,
  second: number,
  score: number,
  openedAtMs: number,
  id: string,
];

/** @param turn position among the waiting cases from the reporter's network, see `turnOf` */
export function queueKey(
  { id, openedAtMs }: Pick<CaseFacts, 'id' | 'openedAtMs'>,
  { pinned, score }: Pick<Priority, 'pinned' | 'score'>,
  turn: number,
): QueueKey {
  // Scores between two successive powers of two count as the same priority.
  const level = Math.floor(Math.log2(score));
  return pinned ? [0, turn, 0, -score, openedAtMs, id] : [1, -level, turn, -score, openedAtMs, id];
}

export function compareKeys(a: QueueKey, b: QueueKey): number {
  for (const [at, value] of a.entries()) {
    const other = b[at];
    if (other !== undefined && value !== other) return value < other ? -1 : 1;
  }
  return 0;
}

/**
 * Returns the case's position, from 1, among the waiting cases from the network of its first
 * unproven reporter. Returns 0 if a proven user reported the subject.
 */
export function turnOf({ provenReporters = 0, turn = 1 }: Partial<CaseFacts>): number {
  return provenReporters > 0 ? 0 : turn;
}

export function severityOf(facts: Pick<CaseFacts, 'reasons' | 'openedAtMs'>): number {
  return Math.max(...reasonsOf(facts).map(({ reason }) => ruleOfReason(reason).severity));
}

export function isPinned(
  facts: Pick<CaseFacts, 'imminent' | 'reasons' | 'crowded' | 'pinLost'>,
): boolean {
  return facts.imminent || facts.crowded === true || isReasonPinned(facts);
}

/** Returns whether a report pins the case. Reports from one small network may not (MO-145). */
export function isReasonPinned(facts: Pick<CaseFacts, 'reasons' | 'pinLost'>): boolean {
  return facts.pinLost !== true && hasPinnedReason(facts);
}

export function hasPinnedReason({ reasons }: Pick<CaseFacts, 'reasons'>): boolean {
  return reasons.some(({ reason }) => ruleOfReason(reason).pinned);
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

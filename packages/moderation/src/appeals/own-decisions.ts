import type { SubjectId } from '@farandole/kernel/id';
import { sanctionsOf, subjectAppealOf } from '../cases/lookup.ts';
import type { DecisionId } from '../ids.ts';
import { APPEAL_WINDOW_MS, OWN_DECISIONS_MAX } from '../limits.ts';
import { isActive, type Sanction } from '../sanctions/sanction.ts';
import type { Records } from '../store/records.ts';
import type { Decision } from '../store/stored.ts';
import type { AppealOutcome, SubjectAppeal } from './appeal.ts';
import {
  type DecisionFacts,
  type StatementOfReasons,
  type StatementState,
  stateReasons,
} from './statement.ts';

/** The fields of a decision that its subject may read. They name no reporter and no decider. */
export interface OwnDecision {
  /** The statement of reasons with the current end, which an appeal may have shortened. */
  readonly statement: StatementOfReasons;
  readonly state: StatementState;
  readonly appeal: OwnAppeal | null;
  readonly mayAppeal: boolean;
}

export type OwnAppeal =
  | { readonly state: 'waiting'; readonly atMs: number }
  | {
      readonly state: 'answered';
      readonly atMs: number;
      readonly answeredAtMs: number;
      readonly outcome: AppealOutcome;
    };

/**
 * Returns the decision with the given code, or without a code the user's newest decisions. An
 * invalid code causes as many queries as a valid one, so response times don't reveal which codes
 * exist.
 */
export async function readOwnDecisions(
  records: Records,
  input: {
    readonly by: { readonly decision: DecisionId } | { readonly subject: SubjectId };
    readonly nowMs: number;
  },
): Promise<readonly OwnDecision[]> {
  const { by, nowMs } = input;
  if ('decision' in by) {
    const decision = await latestOf(records, await records.decisions.get(by.decision));
    const told = await tell(records, decision?.id ?? by.decision, decision, nowMs);
    return told === null ? [] : [told];
  }
  const decisions = await records.decisions.find(
    { subject: by.subject },
    { limit: OWN_DECISIONS_MAX, newestFirst: true },
  );
  const own: OwnDecision[] = [];
  for (const decision of decisions) {
    if ((await latestOf(records, decision)) !== decision) continue;
    const told = await tell(records, decision.id, decision, nowMs);
    if (told !== null) own.push(told);
  }
  return own;
}

/**
 * Returns the decision, or the later one that replaced it after the case was reopened. A
 * replaced dismissal is returned itself, because its subject is notified of the new decision
 * separately.
 */
async function latestOf(records: Records, decision: Decision | null): Promise<Decision | null> {
  if (decision === null || decision.replacedBy === null) return decision;
  const next = await records.decisions.get(decision.replacedBy);
  const latest = await latestOf(records, next);
  return latest === null || latest.measure === 'dismiss' ? decision : latest;
}

/** Default facts of decisions that an earlier version stored without facts. */
export const REPORTS_ALONE: DecisionFacts = { reports: 1, lines: false, pictures: 0, earlier: [] };

/**
 * Returns the decision as its subject may read it. Returns null for dismissals, undone decisions
 * and expired ones, which no user may read.
 */
async function tell(
  records: Records,
  id: DecisionId,
  decision: Decision | null,
  nowMs: number,
): Promise<OwnDecision | null> {
  const sanctions = await sanctionsOf(records, id);
  const appeal = await subjectAppealOf(records, id);
  if (decision === null || !isTold(decision, appeal)) return null;
  const state = isOverturned(decision, appeal) ? 'overturned' : stateOf(sanctions, nowMs);
  const isInTime = nowMs - decision.atMs < APPEAL_WINDOW_MS;
  if (state !== 'holds' && !isInTime) return null;
  const { measure, reason: ground, atMs, endsAtMs } = decision;
  const facts = decision.facts ?? REPORTS_ALONE;
  const statement = stateReasons({ decision: id, measure, ground, facts, atMs });
  return {
    statement: { ...statement, endsAtMs },
    state,
    appeal: appeal === null ? null : ownAppeal(appeal),
    mayAppeal: appeal === null && isInTime && decision.reversedAtMs === null,
  };
}

type AppealCame =
  | { readonly state: 'waiting' | 'moot' }
  | { readonly state: 'answered'; readonly outcome: AppealOutcome };

/** Returns whether the subject is notified of a decision. False if it dismisses or was undone. */
export function isTold(
  decision: Pick<Decision, 'measure' | 'reversedAtMs' | 'replacedBy'>,
  appeal: AppealCame | null,
): boolean {
  if (decision.measure === 'dismiss') return false;
  return decision.reversedAtMs === null || isOverturned(decision, appeal);
}

function isOverturned(
  { replacedBy }: Pick<Decision, 'replacedBy'>,
  appeal: AppealCame | null,
): boolean {
  return replacedBy !== null || (appeal?.state === 'answered' && appeal.outcome === 'overturn');
}

/** A warning is `over` from the start, because it restricts nothing. */
function stateOf(sanctions: readonly Sanction[], nowMs: number): StatementState {
  if (sanctions.some((sanction) => isActive(sanction, nowMs))) return 'holds';
  return sanctions.some(({ liftedAtMs }) => liftedAtMs !== null) ? 'lifted' : 'over';
}

function ownAppeal(appeal: SubjectAppeal): OwnAppeal | null {
  // The appeal needs no answer, because the decision was undone or replaced.
  if (appeal.state === 'moot') return null;
  if (appeal.state === 'waiting') return { state: 'waiting', atMs: appeal.atMs };
  const { atMs, answeredAtMs, outcome } = appeal;
  return { state: 'answered', atMs, answeredAtMs, outcome };
}

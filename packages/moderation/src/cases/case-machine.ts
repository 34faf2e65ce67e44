import type { MemberId } from '@farandole/accounts/ids';
import type { DeviceKeyId, SubjectId } from '@farandole/kernel/id';
import { ok, type Result, refused } from '@farandole/kernel/result';
import type { ApprovalId, CaseId, DecisionId, FoldId } from '../ids.ts';
import { ASSIGNMENT_MS, UNDO_MS } from '../limits.ts';
import type { QueueName } from '../reports/queue-name.ts';
import type { ReportReason } from '../reports/reason.ts';
import type { HandOverTick } from './handover-steps.ts';

/**
 * A case collects all reports about one subject until a decision. `CASE_TABLE` alone defines who
 * may do what next. The store, the console, the command line and jobs all call `moveCase`.
 */
export const CASE_STATES = [
  'open',
  'queued',
  'assigned',
  'escalated',
  'closed',
  'reopened',
] as const;

export type CaseState = (typeof CASE_STATES)[number];

export interface CaseFacts {
  readonly id: CaseId;
  readonly subject: SubjectId;
  readonly device: DeviceKeyId | null;
  readonly openedAtMs: number;
  /** Each reason that reporters gave, with the number of reports and the time of the first. */
  readonly reasons: readonly ReasonGiven[];
  readonly reports: number;
  readonly reporters: number;
  readonly lane: QueueName;
  /** Whether a moderator set the flag that serious harm is imminent. */
  readonly imminent: boolean;
  /**
   * The member who last escalated the case, and the target role. Kept when the case is assigned
   * later. Null if the case was never escalated.
   */
  readonly handedOn: HandedOn | null;
  /** Completed steps of handing the case to a hotline or authority. Absent if there are none. */
  readonly handOver?: readonly HandOverTick[];
  /** Number of different proven reporters of the case. Absent if no reporter is proven. */
  readonly provenReporters?: number;
  /**
   * The child-safety case contains only the reports that may be about a minor, and the subject's
   * other reports have a case of their own. Absent if the case contains all of the subject's
   * reports.
   */
  readonly apart?: true;
  /** Unproven users of many networks reported the subject within a day, which pins the case. */
  readonly crowded?: true;
  /** Time when two members destroyed the evidence of the reports. Absent if the evidence exists. */
  readonly shreddedAtMs?: number;
  /**
   * Position of the case, from 1, among the waiting cases from the network of its first unproven
   * reporter. In a fold, among those from the reporter's device. Absent if it is 1.
   */
  readonly turn?: number;
  /**
   * The fold (cases of one network that the queue shows as one row) of a case whose reports all
   * exceed the report budgets of their reporters' networks.
   */
  readonly fold?: FoldId;
  /** True if every report with a pinned reason came from a small network that the subject used. */
  readonly pinLost?: true;
}

export interface HandedOn {
  readonly by: MemberId;
  readonly to: EscalationTarget;
}

export interface ReasonGiven {
  readonly reason: ReportReason;
  readonly times: number;
  readonly firstAtMs: number;
}

export type EscalationTarget = 'senior' | 'child-safety';

export type Case = CaseFacts &
  (
    | { readonly state: 'open' }
    | { readonly state: 'queued' }
    | { readonly state: 'assigned'; readonly to: MemberId; readonly untilMs: number }
    | {
        readonly state: 'escalated';
        readonly by: MemberId;
        readonly to: EscalationTarget | 'second-person';
        /** The proposal that the case waits for. Null if it waits for another member's decision. */
        readonly approval: ApprovalId | null;
      }
    | {
        readonly state: 'closed';
        readonly by: MemberId;
        readonly decision: DecisionId;
        readonly atMs: number;
      }
    | { readonly state: 'reopened'; readonly by: MemberId; readonly why: ReopenReason }
  );

export type ReopenReason = 'appeal' | 'new-facts';

export type CaseEvent =
  /** The reports are strong enough for a review by a member. */
  | { readonly event: 'queue' }
  | { readonly event: 'assign'; readonly by: MemberId }
  | { readonly event: 'release'; readonly by: MemberId }
  | { readonly event: 'lapse' }
  | { readonly event: 'escalate'; readonly by: MemberId; readonly to: EscalationTarget }
  | { readonly event: 'decide'; readonly by: MemberId; readonly decision: DecisionId }
  | { readonly event: 'propose'; readonly by: MemberId; readonly approval: ApprovalId }
  | {
      readonly event: 'approve';
      readonly by: MemberId;
      readonly approval: ApprovalId;
      readonly decision: DecisionId;
    }
  | { readonly event: 'decline'; readonly by: MemberId; readonly approval: ApprovalId }
  | { readonly event: 'withdraw'; readonly by: MemberId; readonly approval: ApprovalId }
  /** The case may involve a minor, so it moves to the child-safety queue. */
  | { readonly event: 'safeguard' }
  | { readonly event: 'undo'; readonly by: MemberId }
  | { readonly event: 'reopen'; readonly by: MemberId; readonly why: ReopenReason };

export type CaseEventName = CaseEvent['event'];

/** The next state for each state and event. `moveCase` refuses events that have no entry. */
export const CASE_TABLE: Readonly<
  Record<CaseState, Readonly<Partial<Record<CaseEventName, CaseState>>>>
> = {
  open: { queue: 'queued', assign: 'assigned', safeguard: 'open' },
  queued: { assign: 'assigned', safeguard: 'queued' },
  assigned: {
    // Assigning the case again to the same member restarts the duration of the assignment.
    assign: 'assigned',
    release: 'queued',
    lapse: 'queued',
    escalate: 'escalated',
    decide: 'closed',
    propose: 'escalated',
    // An assigned case returns to the queue, because the assigned member may lack permission for
    // child safety.
    safeguard: 'queued',
  },
  escalated: {
    assign: 'assigned',
    approve: 'closed',
    decline: 'queued',
    withdraw: 'queued',
    safeguard: 'escalated',
  },
  closed: { undo: 'queued', reopen: 'reopened' },
  reopened: { assign: 'assigned', safeguard: 'reopened' },
};

export type CaseRefusal =
  | 'not-now'
  /** The case is already assigned to another member. */
  | 'taken'
  | 'not-yours'
  | 'same-person'
  /** A second member must answer the waiting proposal before a new decision is possible. */
  | 'awaits-approval'
  | 'another-approval'
  | 'too-late'
  | 'too-early';

/** Returns the case after the event, or a refusal. The caller must have checked roles. */
export function moveCase(before: Case, event: CaseEvent, nowMs: number): Result<Case, CaseRefusal> {
  if (CASE_TABLE[before.state][event.event] === undefined) return refused('not-now');
  const facts = factsOf(before);
  switch (event.event) {
    case 'queue':
      return ok({ ...facts, state: 'queued' });
    case 'assign':
      return assign(before, event.by, nowMs);
    case 'lapse':
      if (before.state === 'assigned' && nowMs < before.untilMs) return refused('too-early');
      return ok({ ...facts, state: 'queued' });
    case 'release':
      if (!holds(before, event.by, nowMs)) return refused('not-yours');
      return ok({ ...facts, state: 'queued' });
    case 'escalate': {
      if (!holds(before, event.by, nowMs)) return refused('not-yours');
      const lane = event.to === 'child-safety' ? 'child-safety' : facts.lane;
      const { by, to } = event;
      return ok({
        ...facts,
        lane,
        handedOn: { by, to },
        state: 'escalated',
        by,
        to,
        approval: null,
      });
    }
    case 'propose': {
      if (!holds(before, event.by, nowMs)) return refused('not-yours');
      const { by, approval } = event;
      return ok({ ...facts, state: 'escalated', by, to: 'second-person', approval });
    }
    case 'decide':
      if (!holds(before, event.by, nowMs)) return refused('not-yours');
      return ok(closedBy(facts, event.by, event.decision, nowMs));
    case 'approve':
    case 'decline':
      return answerApproval(before, event, nowMs);
    case 'withdraw':
      if (before.state !== 'escalated' || before.approval !== event.approval) {
        return refused('another-approval');
      }
      if (before.by !== event.by) return refused('not-yours');
      return ok({ ...facts, state: 'queued' });
    case 'safeguard':
      return ok(safeguard(before));
    case 'undo':
      return undo(before, event.by, nowMs);
    case 'reopen':
      return ok({ ...facts, handedOn: null, state: 'reopened', by: event.by, why: event.why });
    default:
      return event satisfies never;
  }
}

export function holds(of: Case, member: MemberId, nowMs: number): boolean {
  return of.state === 'assigned' && of.to === member && nowMs < of.untilMs;
}

function assign(before: Case, by: MemberId, nowMs: number): Result<Case, CaseRefusal> {
  if (before.state === 'assigned' && before.to !== by && nowMs < before.untilMs) {
    return refused('taken');
  }
  if (before.state === 'escalated' && before.approval !== null) return refused('awaits-approval');
  if (before.handedOn?.by === by) return refused('same-person');
  const untilMs = nowMs + ASSIGNMENT_MS;
  // Once a member has taken a case, it leaves its fold for good, even if the member releases it.
  const { fold: _, ...facts } = factsOf(before);
  return ok({ ...facts, state: 'assigned', to: by, untilMs });
}

function answerApproval(
  before: Case,
  event: Extract<CaseEvent, { event: 'approve' | 'decline' }>,
  nowMs: number,
): Result<Case, CaseRefusal> {
  if (before.state !== 'escalated' || before.approval !== event.approval) {
    return refused('another-approval');
  }
  if (before.by === event.by) return refused('same-person');
  if (event.event === 'decline') return ok({ ...factsOf(before), state: 'queued' });
  return ok(closedBy(factsOf(before), event.by, event.decision, nowMs));
}

function undo(before: Case, by: MemberId, nowMs: number): Result<Case, CaseRefusal> {
  if (before.state !== 'closed' || before.by !== by) return refused('not-yours');
  if (nowMs - before.atMs >= UNDO_MS) return refused('too-late');
  return ok({ ...factsOf(before), state: 'queued' });
}

function safeguard(before: Case): Case {
  const lane = 'child-safety';
  const handedOn: HandedOn | null =
    before.handedOn === null ? null : { ...before.handedOn, to: lane };
  const change = { lane, handedOn } as const;
  if (before.state === 'assigned') return { ...factsOf(before), ...change, state: 'queued' };
  const isForSenior = before.state === 'escalated' && before.to === 'senior';
  return isForSenior ? { ...before, ...change, to: lane } : { ...before, ...change };
}

function closedBy(facts: CaseFacts, by: MemberId, decision: DecisionId, atMs: number): Case {
  return { ...facts, state: 'closed', by, decision, atMs };
}

function factsOf(of: Case): CaseFacts {
  const { id, subject, device, openedAtMs, reasons, reports, reporters, lane } = of;
  const { imminent, handedOn, handOver, provenReporters, apart, crowded, shreddedAtMs } = of;
  const { turn, fold, pinLost } = of;
  return {
    ...{ id, subject, device, openedAtMs, reasons, reports, reporters, lane, imminent, handedOn },
    ...(handOver !== undefined && { handOver }),
    ...(provenReporters !== undefined && { provenReporters }),
    ...(apart === true && { apart }),
    ...(crowded === true && { crowded }),
    ...(shreddedAtMs !== undefined && { shreddedAtMs }),
    ...(turn !== undefined && { turn }),
    ...(fold !== undefined && { fold }),
    ...(pinLost === true && { pinLost }),
  };
}

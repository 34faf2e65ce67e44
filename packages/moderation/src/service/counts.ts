import type { MemberId } from '@farandole/accounts/ids';
import type { Member } from '@farandole/accounts/member';
import { listMembers } from '@farandole/accounts/members';
import { alertFor, type MemberAlert } from '../alerts/acknowledge.ts';
import { readAlertState } from '../alerts/alert-state.ts';
import {
  answersAppeals,
  appealsThatWait,
  isSeenBy,
  isTheirs,
  type OpenAppeal,
} from '../appeals/waiting-appeals.ts';
import {
  approvalsThatWait,
  asksForApprovals,
  mayDoWithApproval,
  type OpenApproval,
} from '../approvals/waiting-approvals.ts';
import type { Case } from '../cases/case-machine.ts';
import { firstListed, queuesOf } from '../cases/queue.ts';
import { FOLDED, LISTED } from '../cases/queue-place.ts';
import { COUNTED_AT_ONCE, QUEUE_ORDERED_MAX } from '../limits.ts';
import { mayInQueue, QUEUES, type QueueName } from '../reports/queue-name.ts';
import { dueAtMsOf } from '../reports/triage.ts';
import { readAll } from '../store/read-all.ts';
import type { Records } from '../store/records.ts';

/**
 * Numbers of items that wait for a staff member. A number is null if the member's roles give no
 * access to the items.
 */
export interface Counts {
  /** Number of unassigned cases. All folded cases of a queue together count as one. */
  readonly waiting: number | null;
  /** Number of unassigned cases after their deadline. */
  readonly late: number | null;
  readonly mine: number | null;
  /** Number of proposals that this member may answer. */
  readonly approvals: number | null;
  /** Number of waiting appeals by subjects and by affected users. */
  readonly appeals: number | null;
  /** Number of open child-safety cases that no member has the role to open. */
  readonly unopenable: number;
  /** The newest open alert for this member. Absent if there is none. */
  readonly alert?: MemberAlert;
}

/** Returns a number that changes with every action. An equal number means that nothing changed. */
export async function readVersion(records: Records): Promise<number> {
  return await records.audit.head();
}

/**
 * Returns a number that increases with every action and every alert. An equal number means that an
 * open console is up to date.
 */
export async function readRevision(records: Records): Promise<number> {
  return (await readVersion(records)) + (await readAlertState(records)).revision;
}

/**
 * Returns the counts of the given members in the same order, with null for former members. It
 * must be cheap, because every open console asks for counts after each change.
 */
export async function countWaiting(
  records: Records,
  { members, nowMs }: { readonly members: readonly MemberId[]; readonly nowMs: number },
): Promise<readonly (Counts | null)[]> {
  const known = await readAll(records.members, members);
  const here = [...known.values()].filter(({ leftAtMs }) => leftAtMs === null);
  const cases = await countedCases(records, here, nowMs);
  const isAnyOf = (asks: (member: Member) => boolean) => here.some(asks);
  const approvals = isAnyOf(asksForApprovals) ? await all(approvalsThatWait, records) : [];
  const answers = isAnyOf(answersAppeals);
  const appeals = answers
    ? await all((from, atOnce) => appealsThatWait(from, atOnce, nowMs), records)
    : [];
  const open = { approvals, appeals };
  const unopenable = await countUnopenable(records);
  const alerts = await readAlertState(records);
  return members.map((id) => {
    const member = known.get(id);
    if (member === undefined || member.leftAtMs !== null) return null;
    const alert = alertFor(alerts, member);
    return {
      ...casesOf(member, cases, nowMs),
      ...answersOf(member, open),
      unopenable,
      ...(alert !== null && { alert }),
    };
  });
}

/** Returns the number of open child-safety cases if no member may open them, otherwise 0. */
export async function countUnopenable(records: Records): Promise<number> {
  const states = ['open', 'queued', 'assigned', 'escalated', 'reopened'] as const;
  const sealed = await records.cases.count({ lane: 'child-safety', state: { oneOf: states } });
  if (sealed === 0) return 0;
  const members = await listMembers(records);
  const isOpenable = members.some(
    ({ roles, leftAtMs }) => leftAtMs === null && mayInQueue(roles, 'read', 'child-safety'),
  );
  return isOpenable ? 0 : sealed;
}

interface CountedCases {
  /**
   * Number of unassigned cases per queue, as `Counts.waiting`. Cases whose assignment has expired
   * aren't included.
   */
  readonly free: ReadonlyMap<QueueName, number>;
  readonly assigned: readonly Extract<Case, { state: 'assigned' }>[];
  readonly late: readonly Case[];
}

async function countedCases(
  records: Records,
  members: readonly Member[],
  nowMs: number,
): Promise<CountedCases> {
  const lanes = QUEUES.filter((lane) =>
    members.some(({ roles }) => queuesOf(roles).includes(lane)),
  );
  const free = new Map<QueueName, number>();
  const states = ['queued', 'reopened'] as const;
  for (const lane of lanes) {
    const listed = { lane, state: { oneOf: states }, place: LISTED };
    free.set(lane, await records.cases.count(listed));
  }
  if (lanes.includes('normal')) {
    const folded = await records.cases.find({ lane: 'normal', place: FOLDED }, { limit: 1 });
    free.set('normal', (free.get('normal') ?? 0) + folded.length);
  }
  if (lanes.length === 0) return { free, assigned: [], late: [] };
  const had = { lane: { oneOf: lanes }, state: 'assigned' } as const;
  const assigned = await records.cases.find(had, { limit: QUEUE_ORDERED_MAX });
  const first = await firstListed(records, lanes);
  return {
    free,
    assigned: assigned.filter((of) => of.state === 'assigned'),
    late: first.filter((of) => isFree(of, nowMs) && dueAtMsOf(of) <= nowMs),
  };
}

function casesOf(
  { id, roles }: Member,
  { free, assigned, late }: CountedCases,
  nowMs: number,
): Pick<Counts, 'waiting' | 'late' | 'mine'> {
  const lanes = queuesOf(roles);
  if (lanes.length === 0) return { waiting: null, late: null, mine: null };
  const theirs = assigned.filter(({ lane }) => lanes.includes(lane));
  const lapsed = theirs.filter((of) => isFree(of, nowMs));
  return {
    waiting: lanes.reduce((sum, lane) => sum + (free.get(lane) ?? 0), lapsed.length),
    late: late.filter(({ lane }) => lanes.includes(lane)).length,
    mine: theirs.filter((of) => of.to === id && !isFree(of, nowMs)).length,
  };
}

function isFree(of: Case, nowMs: number): boolean {
  if (of.state === 'assigned') return of.untilMs <= nowMs;
  return of.state === 'queued' || of.state === 'reopened';
}

function answersOf(
  member: Member,
  {
    approvals,
    appeals,
  }: {
    readonly approvals: readonly OpenApproval[];
    readonly appeals: readonly OpenAppeal[];
  },
): Pick<Counts, 'approvals' | 'appeals'> {
  return {
    approvals: asksForApprovals(member)
      ? approvals.filter((one) => mayDoWithApproval(member, one) === 'answer').length
      : null,
    appeals: answersAppeals(member)
      ? appeals.filter((one) => isSeenBy(member, one) && isTheirs(member, one)).length
      : null,
  };
}

async function all<Open>(
  pages: (records: Records, atOnce: number) => AsyncIterable<readonly Open[]>,
  records: Records,
): Promise<readonly Open[]> {
  const found: Open[] = [];
  for await (const page of pages(records, COUNTED_AT_ONCE)) found.push(...page);
  return found;
}

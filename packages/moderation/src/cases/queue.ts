import type { MemberId } from '@farandole/accounts/ids';
import { requireMember } from '@farandole/accounts/members';
import { may, type Role } from '@farandole/accounts/roles';
import { ok, type Result } from '@farandole/kernel/result';
import type { CaseId } from '../ids.ts';
import { PROPOSAL_PINNED_MS, QUEUE_ORDERED_MAX, QUEUE_SHOWN_MAX } from '../limits.ts';
import { actionInQueue, QUEUES, type QueueName } from '../reports/queue-name.ts';
import { byPriority, type Priority, priorityOf, withUnproven } from '../reports/triage.ts';
import { readAll } from '../store/read-all.ts';
import type { Records } from '../store/records.ts';
import { metLastHour } from '../trust/pairs.ts';
import { firstTrust, trustAt } from '../trust/trust.ts';
import type { Case, CaseState } from './case-machine.ts';

const WAITING: readonly CaseState[] = ['queued', 'assigned', 'escalated', 'reopened'];

export interface QueuedCase {
  readonly of: Case;
  readonly priority: Priority;
}

/** Returns the waiting cases that this member may see, most urgent first. */
export async function readQueue(
  records: Records,
  input: { readonly by: MemberId; readonly nowMs: number },
): Promise<Result<readonly QueuedCase[], 'not-allowed'>> {
  const allowed = await requireMember(records, input.by, 'queue.read');
  if (!allowed.ok) return allowed;
  const lanes = queuesOf(allowed.value.roles);
  const awaited = await longAwaited(records, lanes, input.nowMs);
  const others = (await waitingCases(records, lanes)).filter(({ id }) => !awaited.has(id));
  const theirs = [...awaited.values(), ...others];
  const subjects = theirs.map(({ subject }) => subject);
  const met = await metLastHour(records, subjects, input.nowMs);
  const people = await readAll(records.people, subjects);
  const queue: QueuedCase[] = [];
  for (const of of theirs) {
    const trust = people.get(of.subject)?.trust ?? firstTrust(false, input.nowMs);
    const subject = { trust: trustAt(trust, input.nowMs), metLastHour: met(of.subject) };
    const priority = priorityOf(of, subject, input.nowMs);
    queue.push({ of, priority: awaited.has(of.id) ? { ...priority, pinned: true } : priority });
  }
  const ordered = queue.toSorted((a, b) =>
    byPriority({ priority: a.priority, facts: a.of }, { priority: b.priority, facts: b.of }),
  );
  return ok(withUnproven(ordered).slice(0, QUEUE_SHOWN_MAX));
}

/** Returns the cases whose proposal has waited for so long that the suspension will end soon. */
async function longAwaited(
  records: Records,
  lanes: readonly QueueName[],
  nowMs: number,
): Promise<ReadonlyMap<CaseId, Case>> {
  const old = { state: 'waiting', atMs: { to: nowMs - PROPOSAL_PINNED_MS } } as const;
  const approvals = await records.approvals.find(old, { limit: QUEUE_ORDERED_MAX });
  const about = approvals.flatMap(({ proposal }) =>
    proposal.of === 'decision' ? [proposal.case] : [],
  );
  const cases = await readAll(records.cases, about);
  return new Map([...cases].filter(([, { lane }]) => lanes.includes(lane)));
}

export function queuesOf(roles: readonly Role[]): readonly QueueName[] {
  if (!may(roles, 'queue.read')) return [];
  return QUEUES.filter((lane) => may(roles, actionInQueue('read', lane)));
}

/** Returns the undecided cases of these queues, pinned cases first, at most `QUEUE_ORDERED_MAX`. */
export async function waitingCases(
  records: Records,
  lanes: readonly QueueName[],
): Promise<readonly Case[]> {
  const found: Case[] = [];
  if (lanes.length === 0) return found;
  // Reads pinned cases first, so that the limit never drops a pinned case.
  for (const pinned of [1, 0]) {
    const waiting = { pinned, lane: { oneOf: lanes }, state: { oneOf: WAITING } };
    const limit = QUEUE_ORDERED_MAX - found.length;
    if (limit > 0) found.push(...(await records.cases.find(waiting, { limit })));
  }
  return found;
}

import type { MemberId } from '@farandole/accounts/ids';
import { requireMember } from '@farandole/accounts/members';
import { appendAudit } from '@farandole/accounts/records';
import { areRoles, type Role } from '@farandole/accounts/roles';
import { ok, type Result, refused } from '@farandole/kernel/result';
import type { ApprovalId } from '../ids.ts';
import type { Records } from '../store/records.ts';

export async function proposeRoles(
  records: Records,
  input: {
    readonly member: MemberId;
    readonly roles: readonly Role[];
    readonly by: MemberId;
    readonly freshApproval: ApprovalId;
    readonly nowMs: number;
  },
): Promise<Result<ApprovalId, 'not-allowed' | 'unknown' | 'malformed'>> {
  const { member: id, roles, by, freshApproval, nowMs } = input;
  if (!areRoles(roles)) return refused('malformed');
  const allowed = await requireMember(records, by, 'member.manage');
  if (!allowed.ok) return allowed;
  const member = await records.members.get(id);
  if (member === null || member.leftAtMs !== null) return refused('unknown');
  await records.approvals.put({
    id: freshApproval,
    act: 'role-grant',
    by,
    atMs: nowMs,
    state: 'waiting',
    proposal: { of: 'roles', member: id, roles },
  });
  const details = { roles: roles.join(' '), approval: freshApproval };
  await appendAudit(records, { by, nowMs }, 'roles.propose', id, details);
  return ok(freshApproval);
}

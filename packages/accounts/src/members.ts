import { ok, type Result, refused } from '@farandole/kernel/result';
import { isOneLine } from '@farandole/kernel/text';
import type { MemberId } from './ids.ts';
import { MEMBER_NAME_UNITS_MAX } from './limits.ts';
import type { Member } from './member.ts';
import { forgetSignIn } from './own-sign-in.ts';
import { type AccountRecords, appendAudit } from './records.ts';
import { type Action, areRoles, may, type Role } from './roles.ts';
import { recordEnd, removeSessions } from './sessions.ts';
import { nameKeyOf } from './sign-in.ts';

export async function requireMember(
  records: AccountRecords,
  id: MemberId,
  action: Action,
): Promise<Result<Member, 'not-allowed'>> {
  const member = await records.members.get(id);
  const isAllowed = member?.leftAtMs === null && may(member.roles, action);
  return isAllowed ? ok(member) : refused('not-allowed');
}

/**
 * Adds a member. Members can't grant roles here, because a role requires a second member's
 * approval. The operator's command line (`by` is null) can, because it can read every file
 * anyway.
 */
export async function addMember(
  records: AccountRecords,
  input: {
    readonly id: MemberId;
    readonly name: string;
    readonly roles: readonly Role[];
    readonly by: MemberId | null;
    readonly nowMs: number;
  },
): Promise<
  Result<
    Member,
    'not-allowed' | 'wrong-name' | 'name-taken' | 'already-there' | 'takes-two' | 'malformed'
  >
> {
  const { id, roles, by, nowMs } = input;
  if (!areRoles(roles)) return refused('malformed');
  if (by !== null) {
    const allowed = await requireMember(records, by, 'member.manage');
    if (!allowed.ok) return allowed;
    if (roles.length > 0) return refused('takes-two');
  }
  const name = input.name.trim();
  if (!isOneLine(name, MEMBER_NAME_UNITS_MAX)) return refused('wrong-name');
  if ((await records.members.get(id)) !== null) return refused('already-there');
  // Names must be unique, because members sign in by name.
  const key = nameKeyOf(name);
  const isTaken = (await listMembers(records)).some(
    (other) => other.leftAtMs === null && nameKeyOf(other.name) === key,
  );
  if (isTaken) return refused('name-taken');
  const member: Member = { id, name, roles, atMs: nowMs, leftAtMs: null };
  await records.members.put(member);
  const details = { roles: roles.join(' ') };
  await appendAudit(records, { by: by ?? 'operator', nowMs }, 'member.add', id, details);
  return ok(member);
}

/**
 * Ends a membership and deletes its credentials. The member's row stays, because the audit log
 * refers to it. A member can't remove the last holder of a role alone: two members must first
 * withdraw that role.
 */
export async function removeMember(
  records: AccountRecords,
  input: { readonly id: MemberId; readonly by: MemberId | null; readonly nowMs: number },
): Promise<Result<Member, 'not-allowed' | 'unknown' | 'last-holder'>> {
  const { id, by, nowMs } = input;
  if (by !== null) {
    const allowed = await requireMember(records, by, 'member.manage');
    if (!allowed.ok) return allowed;
  }
  const before = await records.members.get(id);
  if (before === null || before.leftAtMs !== null) return refused('unknown');
  if (by !== null && (await isLastHolder(records, before))) return refused('last-holder');
  const member: Member = { ...before, roles: [], leftAtMs: nowMs };
  await records.members.put(member);
  await forgetSignIn(records, id);
  await appendAudit(records, { by: by ?? 'operator', nowMs }, 'member.remove', id);
  return ok(member);
}

async function isLastHolder(records: AccountRecords, { id, roles }: Member): Promise<boolean> {
  const others = (await listMembers(records)).filter(
    (one) => one.id !== id && one.leftAtMs === null,
  );
  const held = new Set(others.flatMap((one) => one.roles));
  return roles.some((role) => !held.has(role));
}

export async function listMembers(records: AccountRecords): Promise<readonly Member[]> {
  return await records.members.find({}, { limit: 1_000 });
}

export async function endSessionsOf(
  records: AccountRecords,
  input: { readonly member: MemberId; readonly by: MemberId; readonly nowMs: number },
): Promise<Result<number, 'not-allowed' | 'unknown'>> {
  const { member, by, nowMs } = input;
  const allowed = await requireMember(records, by, 'member.manage');
  if (!allowed.ok) return allowed;
  if ((await records.members.get(member)) === null) return refused('unknown');
  const ended = await removeSessions(records, member);
  await recordEnd(records, by, member, ended, nowMs);
  return ok(ended);
}

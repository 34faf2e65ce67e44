import type { MemberId } from '@farandole/accounts/ids';
import type { Member } from '@farandole/accounts/member';
import { listMembers, requireMember } from '@farandole/accounts/members';
import type { Role } from '@farandole/accounts/roles';
import { canSignIn } from '@farandole/accounts/sign-in-links';
import { ok, type Result } from '@farandole/kernel/result';
import type { Records } from '../store/records.ts';

export interface ListedMember extends Member {
  readonly canSignIn: boolean;
  readonly proposed: readonly Role[] | null;
}

export async function readMembers(
  records: Records,
  { by }: { readonly by: MemberId },
): Promise<Result<readonly ListedMember[], 'not-allowed'>> {
  const allowed = await requireMember(records, by, 'member.manage');
  if (!allowed.ok) return allowed;
  const waiting = await records.approvals.find({ state: 'waiting' }, { limit: 1_000 });
  const proposedOf = new Map(
    waiting.flatMap(({ proposal }) =>
      proposal.of === 'roles' ? [[proposal.member, proposal.roles] as const] : [],
    ),
  );
  const listed: ListedMember[] = [];
  for (const member of await listMembers(records)) {
    const proposed = proposedOf.get(member.id) ?? null;
    listed.push({ ...member, canSignIn: await canSignIn(records, member.id), proposed });
  }
  return ok(listed);
}

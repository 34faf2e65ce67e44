import { ok, type Result, refused } from '@farandole/kernel/result';
import type { ConsoleSessionId, MemberId, SignInLinkId } from './ids.ts';
import type { Member } from './member.ts';
import { addMember, requireMember } from './members.ts';
import { keepPasskey, type NewPasskey, type PasskeyRefusal, passkeysOf } from './passkeys.ts';
import { keepPassword, type NewPassword } from './passwords.ts';
import { type AccountRecords, appendAudit } from './records.ts';
import type { Role } from './roles.ts';
import { openSession } from './sessions.ts';
import { isUsable, type SignInLink } from './sign-in.ts';

/**
 * Roles of a server's first member. No second member approves them, because whoever has the
 * first sign-in link controls the machine.
 */
const OWNER_ROLES: readonly Role[] = ['admin', 'senior', 'child-safety'];

/**
 * Creates a single-use sign-in link and replaces the member's earlier link. A member may create
 * links only for members without roles and credentials, because another link would let its
 * creator sign in as that member.
 */
export async function giveSignInLink(
  records: AccountRecords,
  input: {
    readonly link: SignInLinkId;
    readonly of: 'owner' | MemberId;
    readonly by: MemberId | null;
    readonly nowMs: number;
  },
): Promise<Result<SignInLink, 'not-allowed' | 'unknown' | 'not-now'>> {
  const { link: id, of, by, nowMs } = input;
  if (by !== null) {
    const allowed = await requireMember(records, by, 'member.manage');
    if (!allowed.ok) return allowed;
  }
  const link: SignInLink = { id, of, by, atMs: nowMs };
  const checked = await whoseLink(records, link);
  if (!checked.ok) return checked;
  for (const { id: earlier } of await records.signInLinks.find({ of }, { limit: 100 })) {
    await records.signInLinks.remove(earlier);
  }
  await records.signInLinks.put(link);
  await appendAudit(records, { by: by ?? 'operator', nowMs }, 'link.give', of);
  return ok(link);
}

/**
 * Returns the member that a link signs in. Returns null for the link of the first member, who
 * has no name yet.
 */
export async function readSignInLink(
  records: AccountRecords,
  input: { readonly link: SignInLinkId; readonly nowMs: number },
): Promise<Result<Member | null, 'unknown'>> {
  const link = await records.signInLinks.get(input.link);
  if (link === null || !isUsable(link, input.nowMs)) return refused('unknown');
  const whose = await whoseLink(records, link);
  return whose.ok ? whose : refused('unknown');
}

export type Credential =
  | { readonly by: 'passkey'; readonly passkey: NewPasskey }
  | { readonly by: 'password'; readonly password: NewPassword };

export type LinkRefusal = PasskeyRefusal | 'unknown' | 'wrong-name' | 'name-taken';

/**
 * Signs in by a link. Stores the new credential, and creates the member if the link is for the
 * server's first member.
 */
export async function useSignInLink(
  records: AccountRecords,
  input: {
    readonly link: SignInLinkId;
    /** Name for the server's first member. Ignored by all other links. */
    readonly name: string;
    readonly freshMember: MemberId;
    readonly credential: Credential;
    readonly session: ConsoleSessionId;
    readonly replaces: ConsoleSessionId | null;
    readonly nowMs: number;
  },
): Promise<Result<MemberId, LinkRefusal>> {
  const { link, name, freshMember, credential, session, replaces, nowMs } = input;
  const read = await readSignInLink(records, { link, nowMs });
  if (!read.ok) return read;
  await records.signInLinks.remove(link);
  const member = read.value?.id ?? freshMember;
  if (read.value === null) {
    const owner = { id: member, name, roles: OWNER_ROLES, by: null, nowMs };
    const added = await addMember(records, owner);
    // The remaining refusals can't occur when the first member is added.
    if (!added.ok) return refused(added.reason === 'name-taken' ? 'name-taken' : 'wrong-name');
  }
  const kept =
    credential.by === 'passkey'
      ? await keepPasskey(records, member, credential.passkey, nowMs)
      : await keepPassword(records, member, credential.password, nowMs);
  if (!kept.ok) return kept;
  await openSession(records, { session, member, way: 'link', replaces, nowMs });
  return ok(member);
}

async function whoseLink(
  records: AccountRecords,
  { of, by }: Pick<SignInLink, 'of' | 'by'>,
): Promise<Result<Member | null, 'not-allowed' | 'unknown' | 'not-now'>> {
  if (of === 'owner') {
    if (by !== null) return refused('not-allowed');
    const members = await records.members.find({}, { limit: 1_000 });
    return members.some(({ leftAtMs }) => leftAtMs === null) ? refused('not-now') : ok(null);
  }
  const member = await records.members.get(of);
  if (member === null || member.leftAtMs !== null) return refused('unknown');
  const mayBeAnybodys = by === null;
  const isNew = member.roles.length === 0 && !(await canSignIn(records, of));
  return mayBeAnybodys || isNew ? ok(member) : refused('not-allowed');
}

export async function canSignIn(records: AccountRecords, member: MemberId): Promise<boolean> {
  if ((await records.passwords.get(member)) !== null) return true;
  return (await passkeysOf(records, member)).length > 0;
}

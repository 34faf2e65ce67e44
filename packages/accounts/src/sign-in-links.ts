import { ok, type Result, refused } from '@farandole/kernel/result';
import type { ConsoleSessionId, MemberId, SignInLinkId } from './ids.ts';
import type { Member } from './member.ts';
import { addMember, requireMember } from './members.ts';
import { keepPasskey, type NewPasskey, type PasskeyRefusal, passkeysOf } from './passkeys.ts';
import { keepPassword, type NewPassword } from './passwords.ts';
import type { AccountRecords } from './records.ts';
import type { Role } from './roles.ts';
import { openSession } from './sessions.ts';
import { isUsable, type SignInLink } from './sign-in.ts';

/**
 * What the first member may do: run the place and, while nobody else is there, decide in it. Whoever
 * has this link is at the machine itself, where roles are given without a second person.
 */
const OWNER_ROLES: readonly Role[] = ['admin', 'senior'];

/**
 * Makes a link that lets somebody in once, in the place of an earlier one for the same person. Of the
 * members, whoever manages them may make one for somebody who cannot sign in yet and has no roles:
 * a link for anybody else would let its maker in as them.
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
  await records.audit.append({
    by: by ?? 'operator',
    action: 'link.give',
    about: of,
    atMs: nowMs,
    details: {},
  });
  return ok(link);
}

/** Who a link lets in: null for the first member, who has no name yet. */
export async function readSignInLink(
  records: AccountRecords,
  input: { readonly link: SignInLinkId; readonly nowMs: number },
): Promise<Result<Member | null, 'unknown'>> {
  const link = await records.signInLinks.get(input.link);
  if (link === null || !isUsable(link, input.nowMs)) return refused('unknown');
  const whose = await whoseLink(records, link);
  return whose.ok ? whose : refused('unknown');
}

/** How somebody will sign in from now on. */
export type Credential =
  | { readonly by: 'passkey'; readonly passkey: NewPasskey }
  | { readonly by: 'password'; readonly password: NewPassword };

export type LinkRefusal = PasskeyRefusal | 'unknown' | 'wrong-name' | 'name-taken';

/** Lets somebody in by a link: makes the first member, keeps what they sign in by, and signs them in. */
export async function useSignInLink(
  records: AccountRecords,
  input: {
    readonly link: SignInLinkId;
    /** What the first member is called; no other link asks. */
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
    // The other refusals are of what this link never asks.
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

/** Whether a member has anything to sign in by. */
export async function canSignIn(records: AccountRecords, member: MemberId): Promise<boolean> {
  if ((await records.passwords.get(member)) !== null) return true;
  return (await passkeysOf(records, member)).length > 0;
}

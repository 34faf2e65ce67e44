import type { MemberId } from './ids.ts';
import {
  ATTEMPTS_KEPT_MS,
  CHALLENGE_MS,
  SESSION_IDLE_MS,
  SESSION_MS_MAX,
  SIGN_IN_LINK_MS,
} from './limits.ts';
import { passkeysOf } from './passkeys.ts';
import { forgetPassword } from './passwords.ts';
import type { AccountRecords } from './records.ts';
import { removeSessions, sessionsOf } from './sessions.ts';
import { type ConsoleSession, isLive, type Passkey } from './sign-in.ts';

export interface OwnSignIn {
  readonly passkeys: readonly Pick<Passkey, 'id' | 'label' | 'atMs' | 'usedAtMs'>[];
  readonly sessions: readonly ConsoleSession[];
  /** Null if the member has no password. */
  readonly recoveryCodesLeft: number | null;
}

export async function readOwnSignIn(
  records: AccountRecords,
  { member, nowMs }: { readonly member: MemberId; readonly nowMs: number },
): Promise<OwnSignIn> {
  const passkeys = await passkeysOf(records, member);
  const sessions = await sessionsOf(records, member);
  const login = await records.passwords.get(member);
  return {
    passkeys: passkeys.map(({ id, label, atMs, usedAtMs }) => ({ id, label, atMs, usedAtMs })),
    sessions: sessions.filter((session) => isLive(session, nowMs)),
    recoveryCodesLeft: login === null ? null : login.recoveryCodes.length,
  };
}

/** Deletes all credentials of a former member. */
export async function forgetSignIn(records: AccountRecords, member: MemberId): Promise<void> {
  await removeSessions(records, member);
  await forgetPassword(records, member);
  for (const { id } of await passkeysOf(records, member)) await records.passkeys.remove(id);
  for (const { id } of await records.signInLinks.find({ of: member }, { limit: 100 })) {
    await records.signInLinks.remove(id);
  }
}

/** Deletes expired sign-in data, at most `limit` rows of each kind. Returns the number deleted. */
export async function removeLapsedSignIns(
  records: AccountRecords,
  nowMs: number,
  limit: number,
): Promise<number> {
  const { consoleSessions, signInLinks, attempts, spentChallenges } = records;
  const before = (ms: number) => ({ atMs: { to: nowMs - ms } });
  const idle = { seenAtMs: { to: nowMs - SESSION_IDLE_MS } };
  const old = await consoleSessions.find(before(SESSION_MS_MAX), { limit });
  for (const { id } of old) await consoleSessions.remove(id);
  const unused = await consoleSessions.find(idle, { limit });
  for (const { id } of unused) await consoleSessions.remove(id);
  const links = await signInLinks.find(before(SIGN_IN_LINK_MS), { limit });
  const tried = await attempts.find(before(ATTEMPTS_KEPT_MS), { limit });
  const spent = await spentChallenges.find(before(2 * CHALLENGE_MS), { limit });
  for (const { id } of links) await signInLinks.remove(id);
  for (const { id } of tried) await attempts.remove(id);
  for (const { id } of spent) await spentChallenges.remove(id);
  return Math.max(old.length, unused.length, links.length, tried.length, spent.length);
}

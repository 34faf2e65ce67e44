import { ok, type Result, refused } from '@farandole/kernel/result';
import type { ConsoleSessionId, MemberId, TriedName } from './ids.ts';
import type { AccountRecords } from './records.ts';
import { openSession, recordEnd, requireFresh, sessionsOf } from './sessions.ts';
import { nameKeyOf, type PasswordLogin, waitLeft } from './sign-in.ts';

/** A hashed password and the secret of an authenticator that has shown one valid code. */
export interface NewPassword {
  readonly hash: string;
  /** The authenticator's secret, base32; stored encrypted. */
  readonly secret: string;
  /** Time step of that code. */
  readonly step: number;
  readonly recoveryCodes: readonly string[];
}

/** Sets or replaces a member's password; the caller has checked permission. */
export async function keepPassword(
  records: AccountRecords,
  member: MemberId,
  { hash, secret, step, recoveryCodes }: NewPassword,
  nowMs: number,
): Promise<Result<PasswordLogin, never>> {
  const login: PasswordLogin = { id: member, hash, lastStep: step, recoveryCodes, atMs: nowMs };
  await forgetPassword(records, member);
  await records.passwords.put(login);
  const secretWords = { note: secret, lines: [] };
  await records.words.put('authenticator', member, secretWords, Number.MAX_SAFE_INTEGER);
  const action = 'password.set';
  await records.audit.append({ by: member, action, about: member, atMs: nowMs, details: {} });
  return ok(login);
}

export async function forgetPassword(records: AccountRecords, member: MemberId): Promise<void> {
  await records.words.destroyKey('authenticator', member);
  await records.passwords.remove(member);
}

export interface TriedPassword {
  /** Null for an unknown name or a member without a password. */
  readonly login: PasswordLogin | null;
  readonly secret: string | null;
}

/**
 * Returns the data that an attempt is checked against. The attempt is counted first, so that
 * parallel attempts are slowed like sequential ones; a correct one resets the count. Unknown names
 * are counted too.
 */
export async function tryPassword(
  records: AccountRecords,
  input: { readonly name: string; readonly tried: TriedName; readonly nowMs: number },
): Promise<Result<TriedPassword, 'wait'>> {
  const { name, tried, nowMs } = input;
  const before = await records.attempts.get(tried);
  if (before !== null && waitLeft(before, nowMs) > 0) return refused('wait');
  await records.attempts.put({ id: tried, count: (before?.count ?? 0) + 1, atMs: nowMs });
  const members = await records.members.find({}, { limit: 1_000 });
  const key = nameKeyOf(name);
  const member = members.find((one) => one.leftAtMs === null && nameKeyOf(one.name) === key);
  if (member === undefined) return ok({ login: null, secret: null });
  const login = await records.passwords.get(member.id);
  const secret = await records.words.get('authenticator', member.id);
  return ok({ login, secret: secret?.note ?? null });
}

export type SecondFactor =
  | { readonly by: 'code'; readonly step: number }
  | { readonly by: 'recovery-code'; readonly digest: string };

/** Signs in with a correct password. Codes and recovery codes work once. */
export async function signInByPassword(
  records: AccountRecords,
  input: {
    readonly member: MemberId;
    readonly tried: TriedName;
    readonly hash: string;
    /** The password rehashed with current parameters; null if they are unchanged. */
    readonly newHash: string | null;
    readonly second: SecondFactor;
    readonly session: ConsoleSessionId;
    readonly replaces: ConsoleSessionId | null;
    readonly nowMs: number;
  },
): Promise<Result<MemberId, 'unknown' | 'used'>> {
  const { member: id, tried, hash, newHash, second, session, replaces, nowMs } = input;
  const member = await records.members.get(id);
  const before = await records.passwords.get(id);
  if (member === null || member.leftAtMs !== null) return refused('unknown');
  // The password was changed during the check.
  if (before?.hash !== hash) return refused('unknown');
  const login = { ...before, hash: newHash ?? hash };
  if (second.by === 'code') {
    if (second.step <= login.lastStep) return refused('used');
    await records.passwords.put({ ...login, lastStep: second.step });
  } else {
    const left = login.recoveryCodes.filter((code) => code !== second.digest);
    if (left.length === login.recoveryCodes.length) return refused('used');
    await records.passwords.put({ ...login, recoveryCodes: left });
  }
  await records.attempts.remove(tried);
  const way = second.by === 'code' ? 'password' : 'recovery-code';
  await openSession(records, { session, member: id, way, replaces, nowMs });
  return ok(id);
}

export async function renewRecoveryCodes(
  records: AccountRecords,
  input: {
    readonly session: ConsoleSessionId;
    readonly digests: readonly string[];
    readonly nowMs: number;
  },
): Promise<Result<true, 'not-signed-in' | 'not-fresh' | 'unknown'>> {
  const { session, digests, nowMs } = input;
  const fresh = await requireFresh(records, session, nowMs);
  if (!fresh.ok) return fresh;
  const { id: by } = fresh.value.member;
  const login = await records.passwords.get(by);
  if (login === null) return refused('unknown');
  await records.passwords.put({ ...login, recoveryCodes: digests });
  const action = 'recovery-codes.renew';
  await records.audit.append({ by, action, about: by, atMs: nowMs, details: {} });
  return ok(true);
}

/** Requires a fresh sign-in. Ends all sessions opened with the previous password. */
export async function setPassword(
  records: AccountRecords,
  input: {
    readonly session: ConsoleSessionId;
    readonly password: NewPassword;
    readonly nowMs: number;
  },
): Promise<Result<PasswordLogin, 'not-signed-in' | 'not-fresh'>> {
  const { session, password, nowMs } = input;
  const fresh = await requireFresh(records, session, nowMs);
  if (!fresh.ok) return fresh;
  const { id: by } = fresh.value.member;
  const others = (await sessionsOf(records, by)).filter(({ id }) => id !== session);
  for (const { id } of others) await records.consoleSessions.remove(id);
  if (others.length > 0) await recordEnd(records, by, by, others.length, nowMs);
  return await keepPassword(records, by, password, nowMs);
}

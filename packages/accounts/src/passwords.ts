import { ok, type Result, refused } from '@farandole/kernel/result';
import type { ConsoleSessionId, MemberId, TriedName } from './ids.ts';
import type { AccountRecords } from './records.ts';
import { openSession, recordEnd, requireFresh, sessionsOf } from './sessions.ts';
import { nameKeyOf, type PasswordLogin, waitLeft } from './sign-in.ts';

/** A password as it was hashed, and the secret of an authenticator that has shown a code of it. */
export interface NewPassword {
  readonly hash: string;
  /** The authenticator's secret, base32; kept sealed as words are. */
  readonly secret: string;
  /** The time step of the code that was shown. */
  readonly step: number;
  /** Digests. */
  readonly recoveryCodes: readonly string[];
}

/** Gives a member a password in the place of an earlier one; whoever calls has made sure that they may. */
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
  await records.words.shred('authenticator', member);
  await records.passwords.remove(member);
}

export interface TriedPassword {
  /** Null where nobody has that name, or they have no password. */
  readonly login: PasswordLogin | null;
  /** The authenticator's secret, base32. */
  readonly secret: string | null;
}

/**
 * What an attempt is checked against. It is counted here, before anybody knows whether it is right, so
 * that many at once are as slow as one after the other; the right one takes the count back. A name
 * that nobody has is counted as any other.
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

/** What came with a password that was right. */
export type SecondFactor =
  | { readonly by: 'code'; readonly step: number }
  | { readonly by: 'recovery-code'; readonly digest: string };

/** Signs in by a password that was right. Neither a code nor a recovery code is taken twice. */
export async function signInByPassword(
  records: AccountRecords,
  input: {
    readonly member: MemberId;
    readonly tried: TriedName;
    /** The hash that the password was compared with. */
    readonly hash: string;
    /** The same password hashed as it is done by now; null where it was. */
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
  // It was changed meanwhile: what was right is not any more.
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

/** Other recovery codes in the place of those that are left. */
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

/**
 * A password, or another one, for somebody who signed in a moment ago. Whoever came in by the one before
 * is signed out, wherever that was.
 */
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

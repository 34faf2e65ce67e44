import { ok, type Result, refused } from '@farandole/kernel/result';
import type { ConsoleSessionId, MemberId, TriedName } from './ids.ts';
import { type AccountRecords, appendAudit } from './records.ts';
import { openSession, recordEnd, requireFresh, sessionsOf } from './sessions.ts';
import { nameKeyOf, type PasswordLogin, waitLeft } from './sign-in.ts';

/** A new password's hash, and the secret of an authenticator whose first code was correct. */
export interface NewPassword {
  readonly hash: string;
  /** The authenticator's secret in base32. The store encrypts it. */
  readonly secret: string;
  /** TOTP time step of the code that proved that the authenticator works. */
  readonly step: number;
  readonly recoveryCodes: readonly string[];
}

/** Sets or replaces a member's password. The caller must check permission. */
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
  await appendAudit(records, { by: member, nowMs }, 'password.set', member);
  return ok(login);
}

export async function forgetPassword(records: AccountRecords, member: MemberId): Promise<void> {
  await records.words.destroyKey('authenticator', member);
  await records.passwords.remove(member);
}

export interface TriedPassword {
  /** Null if the name is unknown or the member has no password. */
  readonly login: PasswordLogin | null;
  readonly secret: string | null;
}

/**
 * Returns the stored data for checking a password. Counts the attempt before the check, so that
 * parallel attempts are slowed like sequential ones. Unknown names are counted too. A successful
 * sign-in resets the count.
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

/**
 * Signs in by a correct password and a second factor. Each TOTP code and each recovery code
 * works once.
 */
export async function signInByPassword(
  records: AccountRecords,
  input: {
    readonly member: MemberId;
    readonly tried: TriedName;
    readonly hash: string;
    /**
     * The password's hash under the current hashing parameters, or null if the stored hash
     * already uses them.
     */
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
  // Another request changed the password during this sign-in.
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
  await appendAudit(records, { by, nowMs }, 'recovery-codes.renew', by);
  return ok(true);
}

/**
 * Sets the member's own password. Requires a recent sign-in, and ends all other sessions of the
 * member.
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

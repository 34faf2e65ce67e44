import { ok, type Result, refused } from '@farandole/kernel/result';
import { isOneLine } from '@farandole/kernel/text';
import type { ChallengeId, ConsoleSessionId, MemberId, PasskeyId } from './ids.ts';
import { PASSKEY_LABEL_UNITS_MAX, PASSKEYS_MAX } from './limits.ts';
import { type AccountRecords, appendAudit } from './records.ts';
import { openSession, requireFresh } from './sessions.ts';
import type { Passkey } from './sign-in.ts';

export type NewPasskey = Omit<Passkey, 'member' | 'atMs' | 'usedAtMs'>;

export type PasskeyRefusal = 'wrong-label' | 'already-there' | 'too-many';

/** Stores a passkey. The caller must check permission. */
export async function keepPasskey(
  records: AccountRecords,
  member: MemberId,
  fresh: NewPasskey,
  nowMs: number,
): Promise<Result<Passkey, PasskeyRefusal>> {
  const label = fresh.label.trim();
  if (!isOneLine(label, PASSKEY_LABEL_UNITS_MAX)) return refused('wrong-label');
  if ((await records.passkeys.get(fresh.id)) !== null) return refused('already-there');
  if ((await passkeysOf(records, member)).length >= PASSKEYS_MAX) return refused('too-many');
  const passkey: Passkey = { ...fresh, label, member, atMs: nowMs, usedAtMs: null };
  await records.passkeys.put(passkey);
  await appendAudit(records, { by: member, nowMs }, 'passkey.add', member);
  return ok(passkey);
}

export async function passkeysOf(
  records: AccountRecords,
  member: MemberId,
): Promise<readonly Passkey[]> {
  return await records.passkeys.find({ member }, { limit: 1_000 });
}

/**
 * Returns the stored passkey, with which the caller verifies a response. Returns null for an
 * unknown passkey.
 */
export async function readPasskey(
  records: AccountRecords,
  { passkey }: { readonly passkey: PasskeyId },
): Promise<Passkey | null> {
  return await records.passkeys.get(passkey);
}

/**
 * Signs in by a verified passkey response. Accepts each challenge once. Refuses a counter that
 * didn't increase, because it means that the passkey was cloned.
 */
export async function signInByPasskey(
  records: AccountRecords,
  input: {
    readonly passkey: PasskeyId;
    readonly challenge: ChallengeId;
    readonly counter: number;
    readonly session: ConsoleSessionId;
    readonly replaces: ConsoleSessionId | null;
    readonly nowMs: number;
  },
): Promise<Result<MemberId, 'unknown' | 'answered' | 'cloned'>> {
  const { challenge, counter, session, replaces, nowMs } = input;
  const passkey = await records.passkeys.get(input.passkey);
  if (passkey === null) return refused('unknown');
  const { member: id } = passkey;
  const member = await records.members.get(id);
  if (member === null || member.leftAtMs !== null) return refused('unknown');
  if ((await records.spentChallenges.get(challenge)) !== null) return refused('answered');
  const counts = counter > 0 || passkey.counter > 0;
  if (counts && counter <= passkey.counter) return refused('cloned');
  await records.spentChallenges.put({ id: challenge, atMs: nowMs });
  await records.passkeys.put({ ...passkey, counter, usedAtMs: nowMs });
  await openSession(records, { session, member: id, way: 'passkey', replaces, nowMs });
  return ok(id);
}

/** Adds a passkey. The session must come from a recent sign-in. */
export async function addPasskey(
  records: AccountRecords,
  input: {
    readonly session: ConsoleSessionId;
    readonly passkey: NewPasskey;
    readonly nowMs: number;
  },
): Promise<Result<Passkey, PasskeyRefusal | 'not-signed-in' | 'not-fresh'>> {
  const { session, passkey, nowMs } = input;
  const fresh = await requireFresh(records, session, nowMs);
  if (!fresh.ok) return fresh;
  return await keepPasskey(records, fresh.value.member.id, passkey, nowMs);
}

/** Removes a passkey of a member. Refuses to remove the member's last credential. */
export async function removePasskey(
  records: AccountRecords,
  input: {
    readonly session: ConsoleSessionId;
    readonly passkey: PasskeyId;
    readonly nowMs: number;
  },
): Promise<Result<true, 'not-signed-in' | 'not-fresh' | 'unknown' | 'last-way-in'>> {
  const { session, nowMs } = input;
  const fresh = await requireFresh(records, session, nowMs);
  if (!fresh.ok) return fresh;
  const { id: by } = fresh.value.member;
  const passkey = await records.passkeys.get(input.passkey);
  if (passkey?.member !== by) return refused('unknown');
  const others = (await passkeysOf(records, by)).length - 1;
  if (others === 0 && (await records.passwords.get(by)) === null) return refused('last-way-in');
  await records.passkeys.remove(passkey.id);
  await appendAudit(records, { by, nowMs }, 'passkey.remove', by);
  return ok(true);
}

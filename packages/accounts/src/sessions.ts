import { ok, type Result, refused } from '@farandole/kernel/result';
import type { ConsoleSessionId, MemberId } from './ids.ts';
import { SESSION_SEEN_EVERY_MS, SESSIONS_MAX } from './limits.ts';
import type { Member } from './member.ts';
import { type AccountRecords, appendAudit } from './records.ts';
import { type ConsoleSession, isFresh, isLive, type SignInMethod } from './sign-in.ts';

export interface SignedInMember {
  readonly member: Member;
  readonly session: ConsoleSession;
}

/**
 * Returns a session and its member. Returns null if the session is unknown, ended or expired, or
 * if its member has left.
 */
export async function readSession(
  records: AccountRecords,
  input: {
    readonly session: ConsoleSessionId;
    /**
     * False for a request that the page sends without user action, because such a request must
     * not extend the session.
     */
    readonly isActivity: boolean;
    readonly nowMs: number;
  },
): Promise<SignedInMember | null> {
  const { isActivity, nowMs } = input;
  const session = await records.consoleSessions.get(input.session);
  if (session === null || !isLive(session, nowMs)) return null;
  const member = await records.members.get(session.member);
  if (member === null || member.leftAtMs !== null) return null;
  if (isActivity && nowMs - session.seenAtMs >= SESSION_SEEN_EVERY_MS) {
    await records.consoleSessions.put({ ...session, seenAtMs: nowMs });
  }
  return { member, session };
}

export async function requireFresh(
  records: AccountRecords,
  id: ConsoleSessionId,
  nowMs: number,
): Promise<Result<SignedInMember, 'not-signed-in' | 'not-fresh'>> {
  const signedIn = await readSession(records, { session: id, isActivity: false, nowMs });
  if (signedIn === null) return refused('not-signed-in');
  return isFresh(signedIn.session, nowMs) ? ok(signedIn) : refused('not-fresh');
}

/** Opens a console session and ends the previous session of the same browser. */
export async function openSession(
  records: AccountRecords,
  opening: {
    readonly session: ConsoleSessionId;
    readonly member: MemberId;
    readonly way: SignInMethod;
    readonly replaces: ConsoleSessionId | null;
    readonly nowMs: number;
  },
): Promise<void> {
  const { session: id, member, way, replaces, nowMs } = opening;
  if (replaces !== null) await records.consoleSessions.remove(replaces);
  const others = await sessionsOf(records, member);
  for (const { id: oldest } of others.slice(0, Math.max(0, others.length + 1 - SESSIONS_MAX))) {
    await records.consoleSessions.remove(oldest);
  }
  await records.consoleSessions.put({ id, member, way, atMs: nowMs, seenAtMs: nowMs });
  await appendAudit(records, { by: member, nowMs }, 'session.open', member, { way });
}

/** Ends one of a member's own sessions, in this or another browser. */
export async function endSession(
  records: AccountRecords,
  input: {
    readonly session: ConsoleSessionId;
    readonly by: MemberId;
    readonly nowMs: number;
  },
): Promise<Result<true, 'unknown'>> {
  const { session: id, by, nowMs } = input;
  const session = await records.consoleSessions.get(id);
  if (session?.member !== by) return refused('unknown');
  await records.consoleSessions.remove(id);
  await recordEnd(records, by, by, 1, nowMs);
  return ok(true);
}

export async function sessionsOf(
  records: AccountRecords,
  member: MemberId,
): Promise<readonly ConsoleSession[]> {
  return await records.consoleSessions.find({ member }, { limit: 1_000 });
}

/** Ends all sessions of a member. @returns the number of ended sessions */
export async function removeSessions(records: AccountRecords, member: MemberId): Promise<number> {
  const sessions = await sessionsOf(records, member);
  for (const { id } of sessions) await records.consoleSessions.remove(id);
  return sessions.length;
}

export async function recordEnd(
  records: AccountRecords,
  by: MemberId,
  of: MemberId,
  sessions: number,
  nowMs: number,
): Promise<void> {
  await appendAudit(records, { by, nowMs }, 'session.end', of, { sessions });
}

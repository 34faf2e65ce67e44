import type { SubjectId } from '@farandole/kernel/id';
import { isSuspended } from '../cases/suspension.ts';
import type { PushId } from '../ids.ts';
import {
  PUSH_EVERY_MS,
  PUSH_KEPT_MS,
  PUSHES_PER_SUBJECT_MAX,
  RESTRICTIONS_MAX,
} from '../limits.ts';
import { isActive } from '../sanctions/sanction.ts';
import type { Records } from '../store/records.ts';

/** A browser whose user asked for a notification when someone searches. */
export interface StoredPush {
  /** Keyed hash of the address at the push service. */
  readonly id: PushId;
  readonly subject: SubjectId;
  readonly mode: string;
  /** The address at the push service, encrypted by the server. */
  readonly sealed: string;
  /** When the user asked. */
  readonly atMs: number;
  /** When the last notification was claimed. 0 before the first one. */
  readonly sentAtMs: number;
}

/**
 * Stores a browser, or renews it. A renewed one keeps the time of its last notification. The user's
 * oldest browsers above `PUSHES_PER_SUBJECT_MAX` are removed.
 *
 * @returns the time until which the browser is stored
 */
export async function subscribePush(
  records: Records,
  input: Omit<StoredPush, 'atMs' | 'sentAtMs'> & { readonly nowMs: number },
): Promise<{ readonly untilMs: number }> {
  const { nowMs, id, subject, mode, sealed } = input;
  const sentAtMs = (await records.pushes.get(id))?.sentAtMs ?? 0;
  await records.pushes.put({ id, subject, mode, sealed, atMs: nowMs, sentAtMs });
  const own = await pushesOf(records, subject);
  const others = own.filter((one) => one.id !== id);
  const tooMany = others.slice(0, Math.max(0, own.length - PUSHES_PER_SUBJECT_MAX));
  await records.pushes.removeAll(tooMany.map((one) => one.id));
  return { untilMs: nowMs + PUSH_KEPT_MS };
}

export async function unsubscribePush(
  records: Records,
  { id }: { readonly id: PushId },
): Promise<null> {
  await records.pushes.remove(id);
  return null;
}

/** A notification that the caller must send, or never. */
export type ClaimedPush = Pick<StoredPush, 'id' | 'sealed'>;

/**
 * Claims the browsers to notify, those longest without a notification first. A claimed browser
 * can't be claimed again within `PUSH_EVERY_MS`, by any node. A suspended user's browser is claimed
 * too, so that it isn't read again at once, but isn't returned.
 *
 * @param input.except users who must not be notified
 */
export async function claimPushes(
  records: Records,
  input: {
    readonly mode: string;
    readonly except: readonly SubjectId[];
    readonly limit: number;
    readonly nowMs: number;
  },
): Promise<readonly ClaimedPush[]> {
  const { mode, except, limit, nowMs } = input;
  const due = await records.pushes.find(
    { mode, sentAtMs: { to: nowMs - PUSH_EVERY_MS } },
    { limit: limit + except.length * PUSHES_PER_SUBJECT_MAX, orderBy: 'sentAtMs' },
  );
  const claimed: ClaimedPush[] = [];
  for (const push of due) {
    if (claimed.length >= limit) break;
    const isOld = push.atMs <= nowMs - PUSH_KEPT_MS;
    if (isOld || except.includes(push.subject)) continue;
    await records.pushes.put({ ...push, sentAtMs: nowMs });
    if (await mayBeNotified(records, push.subject, nowMs)) {
      claimed.push({ id: push.id, sealed: push.sealed });
    }
  }
  return claimed;
}

async function mayBeNotified(
  records: Records,
  subject: SubjectId,
  nowMs: number,
): Promise<boolean> {
  const person = await records.people.get(subject);
  if (person !== null && isSuspended(person.hold, nowMs)) return false;
  const lasting = { subject, holdsUntilMs: { from: nowMs } };
  const sanctions = await records.sanctions.find(lasting, { limit: RESTRICTIONS_MAX });
  return !sanctions.some((sanction) => isActive(sanction, nowMs));
}

/** Returns the user's browsers that get notifications, oldest first. */
export async function pushesOf(
  records: Records,
  subject: SubjectId,
): Promise<readonly StoredPush[]> {
  return await records.pushes.find({ subject }, { limit: 10 * PUSHES_PER_SUBJECT_MAX });
}

export async function erasePushes(records: Records, subject: SubjectId): Promise<void> {
  await records.pushes.removeAll((await pushesOf(records, subject)).map(({ id }) => id));
}

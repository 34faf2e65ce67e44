import type { SubjectId } from '@farandole/kernel/id';
import type { AnchorHash } from '../ids.ts';
import { NO_NETWORK } from '../ids.ts';
import { ANCHOR_KEPT_MS, LINKED_MS, LINKED_OTHERS_MAX, SUBJECT_ANCHORS_MAX } from '../limits.ts';
import type { Records } from '../store/records.ts';
import { removeOld } from '../store/remove-old.ts';
import type { Anchor } from '../store/stored.ts';
import { anchorId, anchorsOf } from './networks.ts';
import { stranger } from './people.ts';
import { suspendedOf } from './shared-network.ts';
import { firstTrust, isLinked } from './trust.ts';

/** Nodes report in batches. @returns new users who start as linked to a suspended one */
export async function seeAnchors(
  records: Records,
  { anchors }: { readonly anchors: readonly Omit<Anchor, 'id'>[] },
): Promise<readonly SubjectId[]> {
  const named = anchors.map((anchor) => ({
    ...anchor,
    id: anchorId(anchor.subject, anchor.network),
  }));
  await records.anchors.putAll(named, 'give way');
  const linked: SubjectId[] = [];
  for (const { subject, network, atMs } of anchors) {
    // A known user's record says more than the network.
    if ((await records.people.get(subject)) !== null) continue;
    if (!(await comesWithTheSuspended(records, subject, network, atMs))) continue;
    await records.people.put(stranger(subject, firstTrust(true, atMs)));
    linked.push(subject);
  }
  return linked;
}

async function comesWithTheSuspended(
  records: Records,
  subject: SubjectId,
  network: AnchorHash,
  nowMs: number,
): Promise<boolean> {
  const limit = LINKED_OTHERS_MAX + 2;
  const came = await records.anchors.find(
    { network, atMs: { from: nowMs - LINKED_MS } },
    { limit, newestFirst: true },
  );
  const others = came.map((anchor) => anchor.subject).filter((other) => other !== subject);
  const suspended = await suspendedOf(records, others, nowMs);
  return isLinked({ others: others.length, suspended: suspended.size });
}

/**
 * Erases a user's network history except the last few days. Otherwise banned users and sock puppets
 * could erase the evidence that links them. Stores when the rest goes.
 */
export async function forgetAnchors(
  records: Records,
  subject: SubjectId,
  nowMs: number,
): Promise<void> {
  const known = await anchorsOf(records, subject, SUBJECT_ANCHORS_MAX);
  const stays = (anchor: Anchor) => anchor.atMs > nowMs - LINKED_MS;
  for (const anchor of known) if (!stays(anchor)) await records.anchors.remove(anchor.id);
  if (known.some(stays)) await goesLater(records, subject, nowMs);
}

/** Schedules the removal of the remaining data `LINKED_MS` after `nowMs`. */
export async function goesLater(
  records: Records,
  subject: SubjectId,
  nowMs: number,
): Promise<void> {
  const id = anchorId(subject, NO_NETWORK);
  const mark: Anchor = { id, subject, network: NO_NETWORK, family: 'v4', bits: 0, atMs: nowMs };
  await records.anchors.put(mark);
}

/** Removes the remaining data of erased users: recent networks and their link. */
export async function removeErased(
  records: Records,
  nowMs: number,
  limit: number,
): Promise<number> {
  const due = { network: NO_NETWORK, atMs: { to: nowMs - LINKED_MS } };
  const marks = await records.anchors.find(due, { limit });
  for (const { subject, atMs } of marks) {
    const until = { subject, atMs: { to: atMs } };
    // Includes the schedule's own entry.
    for (const { id } of await records.anchors.find(until, { limit: SUBJECT_ANCHORS_MAX })) {
      await records.anchors.remove(id);
    }
    const person = await records.people.get(subject);
    // Unless new events were recorded since.
    if (person?.trust.atMs === atMs && person.trust.sessions === 0 && person.hold === null) {
      await records.people.remove(subject);
    }
  }
  return marks.length;
}

export async function removeOldAnchors(
  records: Records,
  nowMs: number,
  limit: number,
): Promise<number> {
  return await removeOld(records.anchors, nowMs - ANCHOR_KEPT_MS, limit);
}

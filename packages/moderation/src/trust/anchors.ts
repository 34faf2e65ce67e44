import type { SubjectId } from '@farandole/kernel/id';
import type { AnchorHash } from '../ids.ts';
import { FIRST_VISIT, NO_NETWORK } from '../ids.ts';
import { ANCHOR_KEPT_MS, LINKED_MS, LINKED_READ_MAX, SUBJECT_ANCHORS_MAX } from '../limits.ts';
import type { Records } from '../store/records.ts';
import { removeOld } from '../store/remove-old.ts';
import type { Anchor } from '../store/stored.ts';
import { anchorId, anchorsOf } from './networks.ts';
import { stranger } from './people.ts';
import { provenOf, suspendedOf } from './shared-network.ts';
import { firstTrust, isLinked } from './trust.ts';

/**
 * Records the networks that users came from, and when each user came first. Nodes report them in
 * batches.
 *
 * @returns new users who start as linked to a suspended user
 */
export async function seeAnchors(
  records: Records,
  { anchors }: { readonly anchors: readonly Omit<Anchor, 'id'>[] },
): Promise<readonly SubjectId[]> {
  const named = anchors.map((anchor) => ({
    ...anchor,
    id: anchorId(anchor.subject, anchor.network),
  }));
  await records.anchors.putAll(named, 'give way');
  const firsts = new Map<SubjectId, Anchor>();
  for (const { subject, atMs } of anchors) {
    if (!firsts.has(subject)) firsts.set(subject, rowOf(subject, FIRST_VISIT, atMs));
  }
  await records.anchors.putAll([...firsts.values()], 'stay');
  const linked: SubjectId[] = [];
  for (const { subject, network, atMs } of anchors) {
    // Skips users with a record, because the record says more about them than their network.
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
  const limit = LINKED_READ_MAX;
  const came = await records.anchors.find(
    { network, atMs: { from: nowMs - LINKED_MS } },
    { limit, newestFirst: true },
  );
  const others = came.map((anchor) => anchor.subject).filter((other) => other !== subject);
  const suspended = await suspendedOf(records, others, nowMs);
  if (suspended.size === 0) return false;
  // Counts only proven users as others, because a suspended user could create many cookies on the
  // network to avoid the link.
  const proven = (await provenOf(records, others, nowMs)).filter((one) => !suspended.has(one));
  return isLinked({ others: proven.length + suspended.size, suspended: suspended.size });
}

/**
 * Erases a user's network history except the last few days, and stores when the rest will be
 * removed. Otherwise banned users and sock puppets could erase the evidence that links them.
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

/** Schedules the removal of the user's remaining data for `LINKED_MS` after `nowMs`. */
export async function goesLater(
  records: Records,
  subject: SubjectId,
  nowMs: number,
): Promise<void> {
  await records.anchors.put(rowOf(subject, NO_NETWORK, nowMs));
}

function rowOf(subject: SubjectId, network: Anchor['network'], atMs: number): Anchor {
  return { id: anchorId(subject, network), subject, network, family: 'v4', bits: 0, atMs };
}

/** Forgets when a user came first, so that the next visit counts as the first one. */
export async function forgetFirstVisit(records: Records, subject: SubjectId): Promise<void> {
  await records.anchors.remove(anchorId(subject, FIRST_VISIT));
}

/** Returns when each of the users came first, as far as it is stored. */
export async function firstVisitsOf(
  records: Records,
  subjects: readonly SubjectId[],
): Promise<ReadonlyMap<SubjectId, number>> {
  const by = { subject: { oneOf: subjects }, network: FIRST_VISIT };
  const rows = await records.anchors.find(by, { limit: subjects.length });
  return new Map(rows.map(({ subject, atMs }) => [subject, atMs]));
}

/**
 * Removes the remaining data of users whose data was erased: their recent networks, and their
 * link to a suspended user.
 */
export async function removeErased(
  records: Records,
  nowMs: number,
  limit: number,
): Promise<number> {
  const due = { network: NO_NETWORK, atMs: { to: nowMs - LINKED_MS } };
  const marks = await records.anchors.find(due, { limit });
  for (const { subject, atMs } of marks) {
    const until = { subject, atMs: { to: atMs } };
    // Also removes the row that schedules this removal, because it is one of these rows.
    for (const { id } of await records.anchors.find(until, { limit: SUBJECT_ANCHORS_MAX })) {
      await records.anchors.remove(id);
    }
    const person = await records.people.get(subject);
    // Keeps the user's record if new events were recorded since the erasure.
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

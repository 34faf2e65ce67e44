import type { SubjectId } from '@farandole/kernel/id';
import type { AnchorHash } from '../ids.ts';
import { NO_NETWORK } from '../ids.ts';
import { ANCHOR_KEPT_MS, LINKED_MS, LINKED_OTHERS_MAX, SUBJECT_ANCHORS_MAX } from '../limits.ts';
import type { Anchor } from '../store/kept.ts';
import type { Records } from '../store/records.ts';
import { removeOld } from '../store/remove-old.ts';
import { anchorId, anchorsOf } from './networks.ts';
import { stranger } from './people.ts';
import { suspendedOf } from './shared-network.ts';
import { firstTrust, isLinked } from './trust.ts';

/**
 * People who came, and from where, told in bundles by every node.
 *
 * @returns those of them of whom nothing was known, and who begin as linked to somebody suspended
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
  const linked: SubjectId[] = [];
  for (const { subject, network, atMs } of anchors) {
    // What is known of somebody says more than where they came from.
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
 * From which networks somebody came goes on their wish, but for those of the last days: or whoever is shut out, or
 * reports by several names from one room, would ask for it first. When those go is kept beside them.
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

/** What is kept of somebody who has had the rest erased goes `LINKED_MS` after `nowMs`. */
export async function goesLater(
  records: Records,
  subject: SubjectId,
  nowMs: number,
): Promise<void> {
  const id = anchorId(subject, NO_NETWORK);
  const mark: Anchor = { id, subject, network: NO_NETWORK, family: 'v4', bits: 0, atMs: nowMs };
  await records.anchors.put(mark);
}

/** What stayed of those who had the rest erased: where they came from, and that they began as linked to somebody. */
export async function removeErased(
  records: Records,
  nowMs: number,
  limit: number,
): Promise<number> {
  const due = { network: NO_NETWORK, atMs: { to: nowMs - LINKED_MS } };
  const marks = await records.anchors.find(due, { limit });
  for (const { subject, atMs } of marks) {
    const until = { subject, atMs: { to: atMs } };
    // The mark is among them.
    for (const { id } of await records.anchors.find(until, { limit: SUBJECT_ANCHORS_MAX })) {
      await records.anchors.remove(id);
    }
    const person = await records.people.get(subject);
    // Unless something was heard of them since.
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

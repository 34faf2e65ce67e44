import type { SubjectId } from '@farandole/kernel/id';
import type { AnchorHash } from '../ids.ts';
import { NETWORK_PEOPLE_MAX, NETWORKS_SHOWN_MAX, RESTRICTIONS_MAX } from '../limits.ts';
import { isActive } from '../sanctions/sanction.ts';
import { readAll } from '../store/read-all.ts';
import type { Records } from '../store/records.ts';
import type { Anchor } from '../store/stored.ts';
import { anchorsOf } from './networks.ts';
import { isProven } from './standing.ts';

export interface ShownNetwork extends Pick<Anchor, 'network' | 'family' | 'bits' | 'atMs'> {
  /** Number of other proven, unsuspended users. A network with such users can't be banned. */
  readonly others: number;
}

export async function networksOf(
  records: Records,
  subject: SubjectId,
  nowMs: number,
): Promise<readonly ShownNetwork[]> {
  const shown: ShownNetwork[] = [];
  for (const anchor of await anchorsOf(records, subject, NETWORKS_SHOWN_MAX)) {
    const { network, family, bits, atMs } = anchor;
    const others = await othersThere(records, network, subject, nowMs);
    shown.push({ network, family, bits, atMs, others });
  }
  return shown;
}

/**
 * Returns the other proven users of a network who aren't suspended and used the network within
 * its retention. Unproven users don't count, because a suspended user could leave a cookie on
 * the network to protect it from a ban.
 */
export async function othersThere(
  records: Records,
  network: AnchorHash,
  subject: SubjectId,
  nowMs: number,
): Promise<number> {
  const count = await records.anchors.count({ network });
  if (count > NETWORK_PEOPLE_MAX) return count - 1;
  const anchors = await records.anchors.find({ network }, { limit: NETWORK_PEOPLE_MAX });
  const others = anchors.map((anchor) => anchor.subject).filter((other) => other !== subject);
  const proven = await provenOf(records, others, nowMs);
  const suspended = await suspendedOf(records, proven, nowMs);
  return proven.length - suspended.size;
}

export async function provenOf(
  records: Records,
  subjects: readonly SubjectId[],
  nowMs: number,
): Promise<readonly SubjectId[]> {
  const people = await readAll(records.people, subjects);
  return subjects.filter((subject) => isProven(people.get(subject)?.standing, nowMs));
}

/** Returns those of the users who are suspended themselves, not through a device or network. */
export async function suspendedOf(
  records: Records,
  subjects: readonly SubjectId[],
  nowMs: number,
): Promise<ReadonlySet<SubjectId>> {
  const suspended = new Set<SubjectId>();
  if (subjects.length === 0) return suspended;
  const holding = { subject: { oneOf: subjects }, holdsUntilMs: { from: nowMs + 1 } };
  for (const sanction of await records.sanctions.find(holding, { limit: RESTRICTIONS_MAX })) {
    const { on, restriction } = sanction;
    if (on.scope !== 'subject' || restriction !== 'suspended') continue;
    if (isActive(sanction, nowMs)) suspended.add(on.subject);
  }
  return suspended;
}

import type { SubjectId } from '@farandole/kernel/id';
import { type AnchorHash, FIRST_VISIT, NO_NETWORK } from '../ids.ts';
import type { Records } from '../store/records.ts';
import type { Anchor } from '../store/stored.ts';

export function anchorId(subject: SubjectId, network: AnchorHash): string {
  return `${subject}.${network}`;
}

/** Whether a row of the anchors is about a network. */
export function isOfNetwork({ network }: Pick<Anchor, 'network'>): boolean {
  return network !== NO_NETWORK && network !== FIRST_VISIT;
}

/** Returns a user's networks, newest first. */
export async function anchorsOf(
  records: Records,
  subject: SubjectId,
  limit: number,
): Promise<readonly Anchor[]> {
  const found = await records.anchors.find({ subject }, { limit: limit + 2, newestFirst: true });
  return found.filter(isOfNetwork).slice(0, limit);
}

export async function networkOf(records: Records, subject: SubjectId): Promise<AnchorHash | null> {
  const [last] = await anchorsOf(records, subject, 1);
  return last?.network ?? null;
}

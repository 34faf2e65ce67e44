import type { SubjectId } from '@farandole/kernel/id';
import { type AnchorHash, NO_NETWORK } from '../ids.ts';
import type { Records } from '../store/records.ts';
import type { Anchor } from '../store/stored.ts';

export function anchorId(subject: SubjectId, network: AnchorHash): string {
  return `${subject}.${network}`;
}

/** A user's networks, newest first; without the removal schedule (`goesLater`). */
export async function anchorsOf(
  records: Records,
  subject: SubjectId,
  limit: number,
): Promise<readonly Anchor[]> {
  const found = await records.anchors.find({ subject }, { limit: limit + 1, newestFirst: true });
  return found.filter(({ network }) => network !== NO_NETWORK).slice(0, limit);
}

export async function networkOf(records: Records, subject: SubjectId): Promise<AnchorHash | null> {
  const [last] = await anchorsOf(records, subject, 1);
  return last?.network ?? null;
}

export async function whoCameFrom(
  records: Records,
  network: AnchorHash,
  { of, fromMs }: { readonly of: readonly SubjectId[]; readonly fromMs: number },
): Promise<ReadonlySet<SubjectId>> {
  if (of.length === 0) return new Set();
  const by = { network, subject: { oneOf: of }, atMs: { from: fromMs } };
  const came = await records.anchors.find(by, { limit: of.length });
  return new Set(came.map(({ subject }) => subject));
}

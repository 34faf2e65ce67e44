import type { SubjectId } from '@farandole/kernel/id';
import type { AnchorHash } from '../ids.ts';
import type { Anchor } from '../kept.ts';
import { ANCHOR_KEPT_MS } from '../limits.ts';
import type { Records } from '../records.ts';
import { removeOld } from './remove-old.ts';

/** People who came, and from where, told in bundles by every node. */
export async function seeAnchors(
  records: Records,
  { anchors }: { readonly anchors: readonly Omit<Anchor, 'id'>[] },
): Promise<number> {
  const named = anchors.map((anchor) => ({ ...anchor, id: `${anchor.subject}.${anchor.network}` }));
  await records.anchors.putAll(named, 'give way');
  return anchors.length;
}

/** The network that somebody last came from; null when it is not known. */
export async function networkOf(records: Records, subject: SubjectId): Promise<AnchorHash | null> {
  const [last] = await records.anchors.find({ subject }, { limit: 1, newestFirst: true });
  return last?.network ?? null;
}

/** Those of some people who have come from a network since a time. */
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

export async function removeOldAnchors(
  records: Records,
  nowMs: number,
  limit: number,
): Promise<number> {
  return await removeOld(records.anchors, nowMs - ANCHOR_KEPT_MS, limit);
}

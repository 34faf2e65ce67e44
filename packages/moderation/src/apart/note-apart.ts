import type { Collection } from '@farandole/kernel/collection';
import type { DeviceKeyId, SubjectId } from '@farandole/kernel/id';
import { APART_WRITTEN_AT_ONCE, BLOCK_REMOVAL_KEPT_MS } from '../limits.ts';
import type { Records } from '../store/records.ts';
import {
  type BlockNote,
  type ReportedNote,
  removedBlock,
  type StoredAgeRefusal,
  type StoredSeparation,
  separationOf,
  type UnblockNote,
} from './separation.ts';

/** One change of who must not meet whom, or the declaration of a minor. */
export type ApartChange =
  | BlockNote
  | ReportedNote
  | UnblockNote
  | {
      readonly kind: 'age-refused';
      readonly subject: SubjectId;
      readonly device?: DeviceKeyId;
      readonly atWallMs: number;
    };

/**
 * Makes changes in the given order. Repeating a change is harmless, but a block must not be
 * repeated `BLOCK_REMOVAL_KEPT_MS` after its removal.
 */
export async function noteApart(
  records: Records,
  { changes }: { readonly changes: readonly ApartChange[] },
): Promise<number> {
  let separations: StoredSeparation[] = [];
  const refusals: StoredAgeRefusal[] = [];
  for (const change of changes) {
    if (change.kind === 'age-refused') {
      const { subject, device = null, atWallMs: atMs } = change;
      refusals.push({ id: `${subject} ${device ?? '-'}`, subject, device, atMs });
    } else if (change.kind === 'unblock') {
      await putInParts(records.blocks, separations, 'stay');
      separations = [];
      await removeBlock(records, change);
    } else {
      separations.push(separationOf(change));
    }
  }
  await putInParts(records.blocks, separations, 'stay');
  await putInParts(records.ageRefusals, refusals, 'give way');
  return changes.length;
}

async function removeBlock(records: Records, removal: UnblockNote): Promise<void> {
  const { by, of, mark } = removal;
  const known = await records.blocks.get(mark);
  if (known === null || known.mark !== mark || known.kind === 'removed') return;
  // The order of the two users may have changed since the block, because an erasure sorts them.
  const users = [known.by, known.of];
  if (users.includes(by) && users.includes(of)) await records.blocks.put(removedBlock(removal));
}

/** Removes the rows of blocks that were removed long enough ago. Returns the number of rows. */
export async function removeOldRemovals(
  records: Records,
  nowMs: number,
  limit: number,
): Promise<number> {
  const by = { kind: 'removed', atMs: { to: nowMs - BLOCK_REMOVAL_KEPT_MS } } as const;
  const old = await records.blocks.find(by, { limit });
  await records.blocks.removeAll(old.map(({ id }) => id));
  return old.length;
}

async function putInParts<Entity extends { readonly id: string }>(
  into: Pick<Collection<string, Entity, unknown>, 'putAll'>,
  entities: readonly Entity[],
  known: 'stay' | 'give way',
): Promise<void> {
  for (let at = 0; at < entities.length; at += APART_WRITTEN_AT_ONCE) {
    await into.putAll(entities.slice(at, at + APART_WRITTEN_AT_ONCE), known);
  }
}

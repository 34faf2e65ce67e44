import type { PictureKeyId } from '../ids.ts';
import { RESTRICTIONS_MAX } from '../limits.ts';
import type { Records } from '../store/records.ts';
import type { PictureKey } from './picture.ts';

export async function listPictureKeys(records: Records): Promise<readonly PictureKey[]> {
  return await records.pictureKeys.find({}, { limit: RESTRICTIONS_MAX });
}

/** Replaces wrapped keys; destroyed ones stay destroyed. */
export async function rewrapPictures(
  records: Records,
  input: {
    readonly keys: readonly { readonly id: PictureKeyId; readonly wrapped: string }[];
    readonly nowMs: number;
  },
): Promise<number> {
  let count = 0;
  for (const { id, wrapped } of input.keys) {
    const before = await records.pictureKeys.get(id);
    if (before === null) continue;
    await records.pictureKeys.put({ ...before, wrapped });
    count += 1;
  }
  await records.audit.append({
    by: 'operator',
    action: 'keys.rotate',
    about: 'role-keys',
    atMs: input.nowMs,
    details: { wraps: count },
  });
  return count;
}

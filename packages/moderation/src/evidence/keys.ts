import { appendAudit } from '@farandole/accounts/records';
import type { PictureKeyId } from '../ids.ts';
import { RESTRICTIONS_MAX } from '../limits.ts';
import type { Records } from '../store/records.ts';
import type { PictureKey } from './picture.ts';

export async function listPictureKeys(records: Records): Promise<readonly PictureKey[]> {
  return await records.pictureKeys.find({}, { limit: RESTRICTIONS_MAX });
}

/** Replaces the encrypted keys of pictures. Destroyed keys stay destroyed. */
export async function rewrapPictures(
  records: Records,
  input: {
    readonly keys: readonly { readonly id: PictureKeyId; readonly wrapped: string }[];
    readonly nowMs: number;
  },
): Promise<number> {
  const { keys, nowMs } = input;
  let count = 0;
  for (const { id, wrapped } of keys) {
    const before = await records.pictureKeys.get(id);
    if (before === null) continue;
    await records.pictureKeys.put({ ...before, wrapped });
    count += 1;
  }
  const details = { wraps: count };
  await appendAudit(records, { by: 'operator', nowMs }, 'keys.rotate', 'role-keys', details);
  return count;
}

export async function rewrapTexts(
  records: Records,
  { nowMs }: { readonly nowMs: number },
): Promise<{ readonly rewrapped: number; readonly unopened: number }> {
  const done = await records.words.rewrap();
  const details = { wraps: done.rewrapped };
  await appendAudit(records, { by: 'operator', nowMs }, 'keys.rotate', 'words-keys', details);
  return done;
}

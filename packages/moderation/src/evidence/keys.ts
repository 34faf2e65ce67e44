import { appendAudit } from '@farandole/accounts/records';
import type { PictureKeyId } from '../ids.ts';
import { RESTRICTIONS_MAX, TEXTS_REWRAPPED_AT_ONCE } from '../limits.ts';
import type { Records, RewrappedTexts } from '../store/records.ts';
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

/**
 * Makes a server key the one that encrypts texts, and encrypts the keys of the first texts with
 * it. Repeat it with `after` set to `next` until that is null. Other commands run in between.
 *
 * @param input.wraps number of keys that the earlier calls encrypted, for the audit
 */
export async function rewrapTexts(
  records: Records,
  input: {
    readonly to: string;
    readonly after: string | null;
    readonly wraps: number;
    readonly nowMs: number;
  },
): Promise<RewrappedTexts> {
  const { to, after, nowMs } = input;
  if (after === null) await records.keys.setTextKey(to);
  const done = await records.words.rewrap(to, after ?? '', TEXTS_REWRAPPED_AT_ONCE);
  if (done.next === null) {
    const details = { wraps: input.wraps + done.rewrapped };
    await appendAudit(records, { by: 'operator', nowMs }, 'keys.rotate', 'words-keys', details);
  }
  return done;
}

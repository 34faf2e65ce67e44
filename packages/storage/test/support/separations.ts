import { brandId, type DeviceKeyId, type SubjectId } from '@farandole/kernel/id';
import type { SeparationNote } from '@farandole/moderation/apart/separation';
import type { ModerationStore } from '@farandole/moderation/store/ports';

/** A device key that no user of a test has. */
export const NO_DEVICE = brandId<DeviceKeyId>('no-device');

/** Returns the separations of a user from others, oldest first. */
export async function separationsOf(
  store: Pick<ModerationStore, 'run'>,
  subject: SubjectId,
  nowMs: number,
): Promise<readonly SeparationNote[]> {
  const people = [{ subject, device: NO_DEVICE }];
  const [person] = await store.run('person.read', { people, nowMs });
  return person?.apart ?? [];
}

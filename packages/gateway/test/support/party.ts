import { brandId, type DeviceKeyId, type SubjectId } from '@farandole/kernel/id';
import type { Party } from '@farandole/matchmaking/ports';

/** A user with a device of their own and without a network. */
export function partyOf(subject: SubjectId, changes: Partial<Party> = {}): Party {
  const deviceKey = brandId<DeviceKeyId>(`device-of-${subject}`);
  return { subject, deviceKey, origin: null, proven: false, ...changes };
}

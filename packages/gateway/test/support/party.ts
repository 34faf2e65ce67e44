import { brandId, type DeviceKeyId, type SubjectId } from '@farandole/kernel/id';
import type { Party } from '@farandole/matchmaking/ports';

/** Returns a user who shares no device with others and has no network. */
export function partyOf(subject: SubjectId, changes: Partial<Party> = {}): Party {
  const deviceKey = brandId<DeviceKeyId>(`device-of-${subject}`);
  return { subject, deviceKey, origin: null, proven: false, ...changes };
}

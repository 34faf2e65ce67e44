import type { DeviceKeyId, SubjectId } from '@farandole/kernel/id';
import type { Party } from '../ports.ts';

/** What a record names a person by. */
export interface Person {
  readonly subject: SubjectId;
  /** Null if the record is from a version that didn't write it. */
  readonly device: DeviceKeyId | null;
}

export function isPerson({ subject, device }: Person, party: Party): boolean {
  return subject === party.subject || (device !== null && device === party.deviceKey);
}

import type { DeviceKeyId, SubjectId } from '@farandole/kernel/id';
import type { Party } from '../ports.ts';

/** The two ids by which records identify a person. */
export interface Person {
  readonly subject: SubjectId;
  /** The person's device key. Null in records of a version that didn't store device keys. */
  readonly device: DeviceKeyId | null;
}

export function isPerson({ subject, device }: Person, party: Party): boolean {
  return subject === party.subject || (device !== null && device === party.deviceKey);
}

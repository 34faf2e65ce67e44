import type { PersonFacts, PersonKey, SeparationFact } from '../../src/people.ts';
import type { ReplayedRecord } from '../../src/ports.ts';

/** Returns what a store with these records knows about a user. */
export function factsOf(
  records: readonly ReplayedRecord[],
  { subject, device }: PersonKey,
): PersonFacts {
  const removed = new Set(records.flatMap((each) => (each.kind === 'unblock' ? [each.mark] : [])));
  const apart: SeparationFact[] = [];
  const met: PersonFacts['met'][number][] = [];
  let cookieRefusedAtMs: number | null = null;
  let deviceRefusedAtMs: number | null = null;
  for (const record of records) {
    switch (record.kind) {
      case 'block':
      case 'report':
      case 'reported': {
        const { by, of, byDevice, ofDevice } = record;
        const isAbout = by === subject || of === subject || [byDevice, ofDevice].includes(device);
        if (!isAbout || (record.kind === 'block' && removed.has(record.mark ?? ''))) break;
        apart.push(record.kind === 'block' ? record : { ...record, kind: 'reported' });
        break;
      }
      case 'encounter': {
        const { match, atWallMs: atMs } = record;
        const people = record.subjects.map((of, at) => {
          return { match, subject: of, device: record.devices?.[at] ?? null, atMs };
        });
        const isOwn = (each: (typeof people)[number]): boolean =>
          each.subject === subject || each.device === device;
        if (people.some(isOwn)) met.push(...people.filter((each) => !isOwn(each)));
        break;
      }
      case 'age-refused':
        if (record.subject === subject) cookieRefusedAtMs = later(cookieRefusedAtMs, record);
        if (record.device === device) deviceRefusedAtMs = later(deviceRefusedAtMs, record);
        break;
      case 'unblock':
        break;
    }
  }
  apart.sort((a, b) => a.atWallMs - b.atWallMs);
  const firstSeenAtMs = null;
  return { subject, device, apart, met, cookieRefusedAtMs, deviceRefusedAtMs, firstSeenAtMs };
}

function later(atMs: number | null, { atWallMs }: { readonly atWallMs: number }): number {
  return Math.max(atMs ?? atWallMs, atWallMs);
}

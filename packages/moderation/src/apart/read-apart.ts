import type { DeviceKeyId, MatchId, SubjectId } from '@farandole/kernel/id';
import { AGE_REFUSAL_KEPT_MS, BLOCK_REMOVAL_KEPT_MS, MET_READ_MS } from '../limits.ts';
import type { Records } from '../store/records.ts';
import type { StoredPair } from '../store/stored.ts';
import {
  HOLDING,
  noteOf,
  removalOf,
  type SeparationNote,
  type StoredAgeRefusal,
  type UnblockNote,
} from './separation.ts';

interface AgeRefusedNote {
  readonly kind: 'age-refused';
  readonly subject: SubjectId;
  readonly device?: DeviceKeyId;
  readonly atWallMs: number;
}

interface EncounterNote {
  readonly kind: 'encounter';
  readonly match: MatchId;
  readonly subjects: readonly [SubjectId, SubjectId];
  readonly devices?: readonly [DeviceKeyId, DeviceKeyId];
  readonly atWallMs: number;
}

type ApartNote = SeparationNote | UnblockNote | AgeRefusedNote | EncounterNote;

/** Continues a read after the entries up to `atMs`, and after `skip` entries of that time. */
interface ApartCursor {
  readonly atMs: number;
  readonly skip: number;
}

const KINDS = ['blocks', 'removals', 'ages', 'pairs'] as const;

type ApartKind = (typeof KINDS)[number];

/** Age of the oldest entries of each kind that are read. */
const READ_MS: Readonly<Record<Exclude<ApartKind, 'blocks'>, number>> = {
  removals: BLOCK_REMOVAL_KEPT_MS,
  ages: AGE_REFUSAL_KEPT_MS,
  pairs: MET_READ_MS,
};

/**
 * Reads a page of all separations, of the removals of blocks of the last `BLOCK_REMOVAL_KEPT_MS`, of
 * the declarations of minors of the last day, or of the meetings of the last `MET_READ_MS`, oldest
 * first and in the gateway's form.
 */
export async function readApart(
  records: Records,
  input: {
    readonly what: ApartKind;
    readonly after: ApartCursor | null;
    readonly limit: number;
    readonly nowMs: number;
  },
): Promise<{ readonly notes: readonly ApartNote[]; readonly next: ApartCursor | null }> {
  const { what, limit, nowMs } = input;
  const after = input.after ?? { atMs: oldestOf(what, nowMs), skip: 0 };
  const by = { atMs: { from: after.atMs } };
  const options = { limit, skip: after.skip };
  const notes: ApartNote[] = [];
  if (what === 'blocks') {
    const found = await records.blocks.find({ ...by, kind: HOLDING }, options);
    notes.push(...found.map(noteOf));
  } else if (what === 'removals') {
    const found = await records.blocks.find({ ...by, kind: 'removed' }, options);
    notes.push(...found.flatMap((one) => removalOf(one) ?? []));
  } else if (what === 'ages')
    notes.push(...(await records.ageRefusals.find(by, options)).map(refusalNoteOf));
  else notes.push(...(await records.pairs.find(by, options)).map(encounterOf));
  const last = notes.at(-1);
  if (last === undefined || notes.length < limit) return { notes, next: null };
  const { atWallMs: atMs } = last;
  const isSame = atMs === after.atMs;
  const same = notes.filter(({ atWallMs }) => atWallMs === atMs).length;
  return { notes, next: { atMs, skip: (isSame ? after.skip : 0) + same } };
}

function oldestOf(what: ApartKind, nowMs: number): number {
  return what === 'blocks' ? 0 : nowMs - READ_MS[what];
}

function refusalNoteOf({ subject, device, atMs }: StoredAgeRefusal): AgeRefusedNote {
  return { kind: 'age-refused', subject, ...(device !== null && { device }), atWallMs: atMs };
}

function encounterOf({ id: match, sides: [a, b], atMs, endedAtMs }: StoredPair): EncounterNote {
  const devices =
    a.device === undefined || b.device === undefined
      ? {}
      : { devices: [a.device, b.device] as const };
  const subjects = [a.subject, b.subject] as const;
  return { kind: 'encounter', match, subjects, ...devices, atWallMs: endedAtMs ?? atMs };
}

import { brandId, type DeviceKeyId, type MatchId, type SubjectId } from '@farandole/kernel/id';

/** Names of the seats of a call. Only a call of three has the seat `c`. */
export type SeatName = 'a' | 'b' | 'c';

interface PartedBy {
  readonly by: SubjectId;
  readonly of: SubjectId;
  /** Absent in records of earlier versions, as is `ofDevice`. */
  readonly byDevice?: DeviceKeyId;
  readonly ofDevice?: DeviceKeyId;
  /** Keyed hash of the network of the user `of`, kept for `NETWORK_APART_KEPT_MS`. */
  readonly ofNetwork?: string;
  readonly atWallMs: number;
}

/** The removal of a block by its author. */
export interface UnblockNote {
  readonly kind: 'unblock';
  readonly match: MatchId;
  readonly side: SeatName;
  readonly by: SubjectId;
  readonly of: SubjectId;
  /** Id of the removed block. */
  readonly mark: string;
  readonly atWallMs: number;
}

/** A block, or a separation without author. The names of its fields are those of the gateway. */
export interface BlockNote extends PartedBy {
  readonly kind: 'block';
  readonly match: MatchId;
  /** Seat of the user who blocked. Null for a separation without author. */
  readonly side: SeatName | null;
  /** Random id with which the author can revoke the block. Null if it is permanent. */
  readonly mark: string | null;
}

/** The separation that follows from a report. */
export interface ReportedNote extends PartedBy {
  readonly kind: 'reported';
  /** Id of the report, chosen by the page. */
  readonly id: string;
  readonly code: string;
  readonly match: MatchId;
  readonly reporterSide: SeatName;
  /** Seat of the reported user. Absent in a call of two, and in notes that were read back. */
  readonly reportedSide?: SeatName;
}

export type SeparationNote = BlockNote | ReportedNote;

/**
 * Two users who must not meet. A separation of the kind `apart` says neither who asked for it nor
 * when or why. One of the kind `removed` separates nobody: it is a block that its author removed, and
 * stays for `BLOCK_REMOVAL_KEPT_MS` so that all nodes read the removal.
 */
export interface StoredSeparation {
  readonly id: string;
  readonly kind: 'block' | 'report' | 'apart' | 'removed';
  /** The author. Without author, `by` and `of` are the two users in the order of their ids. */
  readonly by: SubjectId;
  readonly byDevice: DeviceKeyId | null;
  readonly of: SubjectId;
  readonly ofDevice: DeviceKeyId | null;
  readonly ofNetwork: string | null;
  readonly match: MatchId | null;
  readonly side: SeatName | null;
  readonly mark: string | null;
  /** Id of the report, chosen by the page. Null for other kinds, as is `code`. */
  readonly asked: string | null;
  readonly code: string | null;
  /** 0 for the kind `apart`. */
  readonly atMs: number;
}

/** The declaration of a minor, the latest one by this user on this device. */
export interface StoredAgeRefusal {
  readonly id: string;
  readonly subject: SubjectId;
  /** Null in declarations of earlier versions. */
  readonly device: DeviceKeyId | null;
  readonly atMs: number;
}

/** Kinds of the separations that keep users apart. */
export const HOLDING = { oneOf: ['block', 'report', 'apart'] } as const;

/** Value of the field `match` in a separation without author. */
const APART = brandId<MatchId>('apart');

/** Returns the id of the separation that follows from a report. */
export function separationIdOf(
  match: MatchId,
  reporterSide: SeatName,
  reportedSide?: SeatName,
): string {
  // In a call of two, the reporter's seat also says who was reported.
  return `report ${match}-${reporterSide}${reportedSide ?? ''}`;
}

export function separationOf(note: SeparationNote): StoredSeparation {
  const { by, of, atWallMs } = note;
  const { byDevice = null, ofDevice = null, ofNetwork = null } = note;
  const parted = { by, byDevice, of, ofDevice, ofNetwork, atMs: atWallMs };
  if (note.kind === 'reported') {
    const { id: asked, code, match, reporterSide: side, reportedSide } = note;
    const id = separationIdOf(match, side, reportedSide);
    return { id, kind: 'report', ...parted, match, side, mark: null, asked, code };
  }
  const { match, side, mark } = note;
  const id = mark ?? `block ${match} ${by}`;
  const block = { id, ...parted, match, side, mark, asked: null, code: null };
  return match === APART ? withoutAuthor(block) : { kind: 'block', ...block };
}

/** Returns what stays of a block when its author removes it. */
export function removedBlock({
  match,
  side,
  by,
  of,
  mark,
  atWallMs,
}: UnblockNote): StoredSeparation {
  const names = { byDevice: null, ofDevice: null, ofNetwork: null, asked: null, code: null };
  return { id: mark, kind: 'removed', by, of, match, side, mark, ...names, atMs: atWallMs };
}

/** Returns the removal that a row of the kind `removed` records, or null for other rows. */
export function removalOf(separation: StoredSeparation): UnblockNote | null {
  const { kind, match, side, by, of, mark, atMs: atWallMs } = separation;
  if (kind !== 'removed' || match === null || side === null || mark === null) return null;
  return { kind: 'unblock', match, side, by, of, mark, atWallMs };
}

/** Returns what stays of a separation when its author is forgotten. */
export function withoutAuthor(of: Omit<StoredSeparation, 'kind'>): StoredSeparation {
  const people = [
    { subject: of.by, device: of.byDevice },
    { subject: of.of, device: of.ofDevice },
  ] as const;
  const [one, other] = people[0].subject < people[1].subject ? people : [people[1], people[0]];
  const names = [one, other].map(({ subject, device }) => `${subject} ${device ?? '-'}`);
  return {
    // Equal separations of one pair have one id, except that each mark can still be revoked.
    id: of.mark ?? `apart ${names.join(' ')}`,
    kind: 'apart',
    by: one.subject,
    byDevice: one.device,
    of: other.subject,
    ofDevice: other.device,
    ofNetwork: null,
    match: null,
    side: null,
    mark: of.mark,
    asked: null,
    code: null,
    atMs: 0,
  };
}

/** Returns a separation in the gateway's form. */
export function noteOf(separation: StoredSeparation): SeparationNote {
  const { kind, by, of, byDevice, ofDevice, ofNetwork, match, side, mark } = separation;
  const { asked, code, atMs: atWallMs } = separation;
  const parted = {
    ...{ by, of, atWallMs },
    ...(byDevice !== null && { byDevice }),
    ...(ofDevice !== null && { ofDevice }),
    ...(ofNetwork !== null && { ofNetwork }),
  };
  if (kind !== 'report' || match === null || side === null) {
    return { kind: 'block', ...parted, match: match ?? APART, side, mark };
  }
  return {
    ...{ kind: 'reported', id: asked ?? '', code: code ?? '' },
    ...{ ...parted, match, reporterSide: side },
  };
}

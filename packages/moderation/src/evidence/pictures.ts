import type { MemberId } from '@farandole/accounts/ids';
import { appendAudit } from '@farandole/accounts/records';
import type { Role } from '@farandole/accounts/roles';
import { brandId } from '@farandole/kernel/id';
import { ok, type Result, refused } from '@farandole/kernel/result';
import type { Case } from '../cases/case-machine.ts';
import type { CaseId, PictureId, PictureKeyId, ReportId } from '../ids.ts';
import { CASE_PICTURES_MAX, NO_END_MS, PICTURES_AFTER_MS, TEXT_UNDECIDED_MS } from '../limits.ts';
import type { QueueName } from '../reports/queue-name.ts';
import { ruleOfReason } from '../reports/reason.ts';
import type { Records } from '../store/records.ts';
import type { StoredReport } from '../store/stored.ts';
import { networkOf } from '../trust/networks.ts';
import { type PictureKey, rolesOfQueue, type StoredPicture } from './picture.ts';
import { type Bringer, type RetainedPicture, type Room, roomFor } from './picture-room.ts';

/** Maximum number of pictures read per case. A merged case has the pictures of several cases. */
const JOINED_PICTURES_MAX = 10 * CASE_PICTURES_MAX;

/** An encrypted picture. The store can't decrypt it, because its keys are encrypted too. */
export interface SealedPicture
  extends Pick<StoredPicture, 'id' | 'lane' | 'digest' | 'bytes' | 'agoMs'> {
  readonly keys: readonly Pick<PictureKey, 'role' | 'wrapped'>[];
  readonly sealed: Uint8Array;
}

export type PictureRefusal =
  /** The report is unknown or doesn't belong to a case yet. */
  | 'unknown'
  | 'wrong-reason'
  | 'already-there'
  /** The report is too old to accept pictures, or was already decided. */
  | 'too-late'
  /** The reporter has used up their share of the case's picture limit. */
  | 'too-many';

export interface AddedPictures {
  readonly lane: QueueName;
  /** Ids of the accepted pictures. The caller must discard the others. */
  readonly kept: readonly PictureId[];
}

export interface ShownPicture extends Pick<StoredPicture, 'id' | 'agoMs'> {
  /**
   * `sealed` pictures need two members for each view. For an `unsealed` one, one view was
   * approved. An `expired` one was destroyed.
   */
  readonly state: 'kept' | 'sealed' | 'unsealed' | 'expired';
}

/** Returns whether a report accepts pictures, and the queue whose roles may decrypt them. */
export async function spaceForPictures(
  records: Records,
  input: { readonly report: ReportId; readonly nowMs: number },
): Promise<Result<QueueName, PictureRefusal>> {
  const place = await findPlace(records, input.report, input.nowMs);
  if (!place.ok) return place;
  const { report, lane } = place.value;
  return (await roomIn(records, report, lane, 1)).taken > 0 ? ok(lane) : refused('too-many');
}

async function findPlace(
  records: Records,
  id: ReportId,
  nowMs: number,
): Promise<Result<{ readonly report: StoredReport; readonly lane: QueueName }, PictureRefusal>> {
  const report = await records.reports.get(id);
  const of = report === null ? null : await records.cases.get(report.case);
  if (report === null || of === null) return refused('unknown');
  if (!ruleOfReason(report.reason).pictures) return refused('wrong-reason');
  if ((await records.pictures.count({ report: report.id })) > 0) return refused('already-there');
  const isOld = nowMs - report.atMs >= PICTURES_AFTER_MS;
  if (isOld || report.verdict !== 'waiting') return refused('too-late');
  return ok({ report, lane: of.lane });
}

/** Returns how many new pictures the case accepts from a reporter, and which it removes. */
async function roomIn(
  records: Records,
  of: StoredReport,
  lane: QueueName,
  pictures: number,
): Promise<Room> {
  const comer = await bringerOf(records, of);
  const known = new Map<ReportId, Bringer>();
  const held: RetainedPicture[] = [];
  for (const { id, report, agoMs } of await picturesOf(records, of.case)) {
    if (!known.has(report)) {
      const other = await records.reports.get(report);
      if (other !== null) known.set(report, await bringerOf(records, other));
    }
    const by = known.get(report);
    if (by !== undefined) held.push({ ...by, id, agoMs });
  }
  const room = roomFor(held, comer, pictures);
  if (lane === 'normal') return room;
  // New pictures only use free space, because sealed pictures are never removed to make room.
  return { taken: room.taken - room.givesWay.length, givesWay: [] };
}

async function bringerOf(records: Records, { by }: StoredReport): Promise<Bringer> {
  return { reporter: by, network: await networkOf(records, by) };
}

/**
 * Stores the newest pictures that fit, encrypted for the current roles of the case's queue.
 * Pictures of one report are accepted only once.
 */
export async function addPictures(
  records: Records,
  input: {
    readonly report: ReportId;
    readonly pictures: readonly SealedPicture[];
    readonly nowMs: number;
  },
): Promise<Result<AddedPictures, PictureRefusal>> {
  const { report: id, pictures, nowMs } = input;
  const place = await findPlace(records, id, nowMs);
  if (!place.ok) return place;
  const { report, lane } = place.value;
  const { taken, givesWay } = await roomIn(records, report, lane, pictures.length);
  if (taken === 0) return refused('too-many');
  await giveWay(records, report.case, givesWay, nowMs);
  const newest = pictures.toSorted((a, b) => a.agoMs - b.agoMs).slice(0, taken);
  const roles = rolesOfQueue(lane);
  for (const { keys, sealed, ...picture } of newest) {
    const keepUntilMs = lane === 'normal' ? nowMs + TEXT_UNDECIDED_MS : NO_END_MS;
    const kept = { report: id, case: report.case, atMs: nowMs, keepUntilMs, shreddedAtMs: null };
    await records.pictures.put({ ...picture, ...kept });
    const keysKept = keys.filter(({ role }) => roles.includes(role));
    await records.pictureBytes.put(picture.id, sealed, mayBeInBackups(keysKept));
    for (const { role, wrapped } of keysKept) {
      const keyId = pictureKeyIdOf(picture.id, role);
      await records.pictureKeys.put({
        id: keyId,
        picture: picture.id,
        role,
        wrapped,
        atMs: nowMs,
      });
    }
  }
  const details = { case: report.case, pictures: taken, lane };
  await appendAudit(records, { by: 'subject', nowMs }, 'pictures.add', id, details);
  return ok({ lane, kept: newest.map((picture) => picture.id) });
}

async function giveWay(
  records: Records,
  of: CaseId,
  pictures: readonly PictureId[],
  nowMs: number,
): Promise<void> {
  if (pictures.length === 0) return;
  for (const id of pictures) await removePicture(records, id);
  const details = { pictures: pictures.length };
  await appendAudit(records, { by: 'software', nowMs }, 'pictures.give-way', of, details);
}

/** Returns a case's pictures by report, without details that the member may not see. */
export async function showPictures(
  records: Records,
  of: Case,
  viewer: { readonly by: MemberId; readonly nowMs: number },
): Promise<ReadonlyMap<ReportId, readonly ShownPicture[]>> {
  const shown = new Map<ReportId, ShownPicture[]>();
  const all = await picturesOf(records, of.id);
  for (const picture of all.toSorted((a, b) => b.agoMs - a.agoMs)) {
    const { id, agoMs, report } = picture;
    const state = stateOf(picture, of.lane, viewer);
    const known = shown.get(report) ?? [];
    known.push({ id, agoMs, state });
    shown.set(report, known);
  }
  return shown;
}

function stateOf(
  picture: StoredPicture,
  lane: QueueName,
  viewer: { readonly by: MemberId; readonly nowMs: number },
): ShownPicture['state'] {
  if (picture.shreddedAtMs !== null) return 'expired';
  if (lane === 'normal') return 'kept';
  return isUnsealedFor(picture, viewer) ? 'unsealed' : 'sealed';
}

export function isUnsealedFor(
  { unsealed }: StoredPicture,
  { by, nowMs }: { readonly by: MemberId; readonly nowMs: number },
): boolean {
  return unsealed?.for === by && nowMs < unsealed.untilMs;
}

/** Records that a member viewed a picture. For a sealed picture, this uses up the approval. */
export async function recordView(
  records: Records,
  picture: StoredPicture,
  by: MemberId,
): Promise<void> {
  const { unsealed, uncoveredBy = [], ...rest } = picture;
  const isNoted = uncoveredBy.includes(by);
  if (isNoted && unsealed === undefined) return;
  await records.pictures.put({
    ...rest,
    uncoveredBy: isNoted ? uncoveredBy : [...uncoveredBy, by],
  });
}

/** Returns the encrypted picture. Null if it was destroyed, or if the backup didn't contain it. */
export async function readPictureBytes(
  records: Records,
  { picture }: { readonly picture: PictureId },
): Promise<Uint8Array | null> {
  return await records.pictureBytes.get(picture);
}

/**
 * Stores the encrypted bytes of pictures that an earlier version kept as files, except destroyed
 * and unknown pictures. Returns the ids of the pictures that the store knows.
 */
export async function importPictures(
  records: Records,
  input: { readonly pictures: readonly { readonly id: PictureId; readonly sealed: Uint8Array }[] },
): Promise<readonly PictureId[]> {
  const known: PictureId[] = [];
  for (const { id, sealed } of input.pictures) {
    const picture = await records.pictures.get(id);
    if (picture === null) continue;
    known.push(id);
    if (picture.shreddedAtMs !== null) continue;
    await records.pictureBytes.put(id, sealed, mayBeInBackups(await keysOf(records, id)));
  }
  return known;
}

/** Backups never contain a picture that only the roles of the child-safety queue may view. */
function mayBeInBackups(keys: readonly Pick<PictureKey, 'role'>[]): boolean {
  const sealedFor = rolesOfQueue('child-safety');
  return keys.some(({ role }) => !sealedFor.includes(role));
}

/**
 * Sets the expiry of the pictures of a case.
 *
 * @param untilMsOf returns the expiry of a report's pictures, or null to leave it unchanged
 */
export async function keepPicturesUntil(
  records: Records,
  of: CaseId,
  untilMsOf: (report: ReportId) => number | null,
): Promise<void> {
  for (const picture of await picturesOf(records, of)) {
    const keepUntilMs = untilMsOf(picture.report);
    if (picture.shreddedAtMs !== null || keepUntilMs === null) continue;
    await records.pictures.put({ ...picture, keepUntilMs });
  }
}

export async function sealPicturesOf(records: Records, of: CaseId): Promise<void> {
  const roles = rolesOfQueue('child-safety');
  for (const { id } of await picturesOf(records, of)) {
    await removeKeys(records, id, (role) => !roles.includes(role));
    await records.pictureBytes.keepOutOfBackups(id);
  }
}

/** Destroys at most `limit` expired pictures and returns how many it destroyed. */
export async function destroyDuePictures(
  records: Records,
  nowMs: number,
  limit: number,
): Promise<number> {
  const due = await records.pictures.find({ keepUntilMs: { to: nowMs } }, { limit });
  for (const picture of due) await destroyKey(records, picture, nowMs);
  return due.length;
}

export async function destroyPicturesOf(
  records: Records,
  report: ReportId,
  nowMs: number,
): Promise<void> {
  const pictures = await records.pictures.find({ report }, { limit: CASE_PICTURES_MAX });
  for (const picture of pictures) {
    if (picture.shreddedAtMs === null) await destroyKey(records, picture, nowMs);
  }
}

export async function removePicturesOf(records: Records, of: CaseId): Promise<void> {
  for (const { id } of await picturesOf(records, of)) await removePicture(records, id);
}

async function removePicture(records: Records, id: PictureId): Promise<void> {
  await removeKeys(records, id, () => true);
  await records.pictureBytes.remove(id);
  await records.pictures.remove(id);
}

async function destroyKey(records: Records, picture: StoredPicture, nowMs: number): Promise<void> {
  await removeKeys(records, picture.id, () => true);
  await records.pictureBytes.remove(picture.id);
  const { unsealed: _, ...rest } = picture;
  await records.pictures.put({ ...rest, digest: null, shreddedAtMs: nowMs });
}

async function removeKeys(
  records: Records,
  picture: PictureId,
  which: (role: Role) => boolean,
): Promise<void> {
  for (const { id, role } of await keysOf(records, picture)) {
    if (which(role)) await records.pictureKeys.remove(id);
  }
}

export async function keysOf(records: Records, picture: PictureId): Promise<readonly PictureKey[]> {
  return await records.pictureKeys.find({ picture }, { limit: 10 });
}

export async function picturesOf(records: Records, of: CaseId): Promise<readonly StoredPicture[]> {
  return await records.pictures.find({ case: of }, { limit: JOINED_PICTURES_MAX });
}

function pictureKeyIdOf(picture: PictureId, role: Role): PictureKeyId {
  return brandId<PictureKeyId>(`${picture}-${role}`);
}

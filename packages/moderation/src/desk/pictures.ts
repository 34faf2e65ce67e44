import { brandId } from '@farandole/kernel/id';
import { ok, type Result, refused } from '@farandole/kernel/result';
import type { Case } from '../case-machine.ts';
import type { CaseId, PictureId, PictureKeyId, ReportId } from '../ids.ts';
import {
  CASE_PICTURES_MAX,
  PICTURES_AFTER_MS,
  REPORTER_PICTURES_MAX,
  WORDS_UNDECIDED_MS,
} from '../limits.ts';
import { type KeptPicture, type PictureKey, rolesOfLane } from '../picture.ts';
import { type Lane, ruleOfReason } from '../reason.ts';
import type { Records } from '../records.ts';
import type { Role } from '../roles.ts';

/** What comes with a report, sealed; the picture itself the store never sees. */
export interface SealedPicture
  extends Pick<KeptPicture, 'id' | 'lane' | 'digest' | 'bytes' | 'agoMs'> {
  readonly keys: readonly Pick<PictureKey, 'role' | 'wrapped'>[];
}

export type PictureRefusal =
  /** No report of that name, or it is in no case yet. */
  | 'unknown'
  /** No pictures go with what it says. */
  | 'wrong-reason'
  /** Pictures came with it before. */
  | 'already-there'
  /** The report is of some time ago, or somebody has decided meanwhile. */
  | 'too-late'
  /** This reporter has as many in the case as one may, or the case as anybody will look at. */
  | 'too-many';

/** A picture as a case shows that it is there. */
export interface ShownPicture extends Pick<KeptPicture, 'id' | 'agoMs'> {
  /** `sealed`: it may be of a minor, and nobody here opens it. `expired`: its time is over. */
  readonly state: 'kept' | 'sealed' | 'expired';
}

/** Whether pictures are taken for a report now, and for which lane they are to be sealed. */
export async function placeForPictures(
  records: Records,
  input: { readonly report: ReportId; readonly pictures: number; readonly nowMs: number },
): Promise<Result<Lane, PictureRefusal>> {
  const report = await records.reports.get(input.report);
  const of = report === null ? null : await records.cases.get(report.case);
  if (report === null || of === null) return refused('unknown');
  if (!ruleOfReason(report.reason).pictures) return refused('wrong-reason');
  if ((await records.pictures.count({ report: report.id })) > 0) return refused('already-there');
  const isOld = input.nowMs - report.atMs >= PICTURES_AFTER_MS;
  if (isOld || report.verdict !== 'waiting') return refused('too-late');
  // A share for each, so that nobody's friends fill the case before whoever has something to show.
  const theirs = await records.reports.find(
    { case: of.id, by: report.by },
    { limit: REPORTER_PICTURES_MAX + 1, newestFirst: true },
  );
  const among = { oneOf: theirs.map(({ id }) => id) };
  const own = await records.pictures.count({ report: among });
  const inCase = await records.pictures.count({ case: of.id });
  const isFull =
    own + input.pictures > REPORTER_PICTURES_MAX || inCase + input.pictures > CASE_PICTURES_MAX;
  return isFull ? refused('too-many') : ok(of.lane);
}

/** Keeps what came with a report: once, and for those who may look at it as the case is now. */
export async function addPictures(
  records: Records,
  input: {
    readonly report: ReportId;
    readonly pictures: readonly SealedPicture[];
    readonly nowMs: number;
  },
): Promise<Result<Lane, PictureRefusal>> {
  const { report: id, pictures, nowMs } = input;
  const place = await placeForPictures(records, { report: id, pictures: pictures.length, nowMs });
  if (!place.ok) return place;
  const report = await records.reports.get(id);
  if (report === null) return refused('unknown');
  const roles = rolesOfLane(place.value);
  for (const { keys, ...picture } of pictures) {
    const keepUntilMs = nowMs + WORDS_UNDECIDED_MS;
    const kept = { report: id, case: report.case, atMs: nowMs, keepUntilMs, shreddedAtMs: null };
    await records.pictures.put({ ...picture, ...kept });
    for (const { role, wrapped } of keys) {
      if (!roles.includes(role)) continue;
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
  await records.audit.append({
    by: 'subject',
    action: 'pictures.add',
    about: id,
    atMs: nowMs,
    details: { case: report.case, pictures: pictures.length, lane: place.value },
  });
  return place;
}

/** The pictures of a case, by the report that they came with. */
export async function showPictures(
  records: Records,
  of: Case,
): Promise<ReadonlyMap<ReportId, readonly ShownPicture[]>> {
  const shown = new Map<ReportId, ShownPicture[]>();
  const all = await picturesOf(records, of.id);
  for (const picture of all.toSorted((a, b) => b.agoMs - a.agoMs)) {
    const { id, agoMs, report } = picture;
    const state =
      picture.shreddedAtMs !== null ? 'expired' : of.lane === 'normal' ? 'kept' : 'sealed';
    const known = shown.get(report) ?? [];
    known.push({ id, agoMs, state });
    shown.set(report, known);
  }
  return shown;
}

/** Which of these pictures somebody may still open. */
export async function keptPictures(
  records: Records,
  input: { readonly ids: readonly PictureId[] },
): Promise<readonly PictureId[]> {
  const kept: PictureId[] = [];
  for (const id of input.ids) {
    if ((await records.pictures.get(id))?.shreddedAtMs === null) kept.push(id);
  }
  return kept;
}

/** As long as the words of the same case. */
export async function keepPicturesUntil(
  records: Records,
  of: CaseId,
  keepUntilMs: number,
): Promise<void> {
  for (const picture of await picturesOf(records, of)) {
    if (picture.shreddedAtMs === null) await records.pictures.put({ ...picture, keepUntilMs });
  }
}

/** Takes the keys to a case's pictures from all but child safety. */
export async function sealPicturesOf(records: Records, of: CaseId): Promise<void> {
  const roles = rolesOfLane('child-safety');
  for (const { id } of await picturesOf(records, of)) {
    await removeKeys(records, id, (role) => !roles.includes(role));
  }
}

/** Shreds at most `limit` of those whose time is over, and says how many. */
export async function shredDuePictures(
  records: Records,
  nowMs: number,
  limit: number,
): Promise<number> {
  const due = await records.pictures.find({ keepUntilMs: { to: nowMs } }, { limit });
  for (const picture of due) await shred(records, picture, nowMs);
  return due.length;
}

export async function shredPicturesOf(
  records: Records,
  report: ReportId,
  nowMs: number,
): Promise<void> {
  const pictures = await records.pictures.find({ report }, { limit: CASE_PICTURES_MAX });
  for (const picture of pictures) {
    if (picture.shreddedAtMs === null) await shred(records, picture, nowMs);
  }
}

export async function removePicturesOf(records: Records, of: CaseId): Promise<void> {
  for (const { id } of await picturesOf(records, of)) {
    await removeKeys(records, id, () => true);
    await records.pictures.remove(id);
  }
}

async function shred(records: Records, picture: KeptPicture, nowMs: number): Promise<void> {
  await removeKeys(records, picture.id, () => true);
  await records.pictures.put({ ...picture, digest: null, shreddedAtMs: nowMs });
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

async function picturesOf(records: Records, of: CaseId): Promise<readonly KeptPicture[]> {
  return await records.pictures.find({ case: of }, { limit: CASE_PICTURES_MAX });
}

function pictureKeyIdOf(picture: PictureId, role: Role): PictureKeyId {
  return brandId<PictureKeyId>(`${picture}-${role}`);
}

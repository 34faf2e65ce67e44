import type { MemberId } from '@farandole/accounts/ids';
import { requireMember } from '@farandole/accounts/members';
import type { AuditEntry } from '@farandole/accounts/records';
import { ok, type Result, refused } from '@farandole/kernel/result';
import { openFor } from '../cases/lookup.ts';
import { moreAllowed } from '../evidence/exposures.ts';
import type { KeptPicture, PictureKey } from '../evidence/picture.ts';
import { isUnsealedFor, keysOf, noteLook } from '../evidence/pictures.ts';
import type { ApprovalId, PictureId } from '../ids.ts';
import { QUEUE_SHOWN_MAX, REVEALS_MORE, SHIFT_MS } from '../limits.ts';
import type { Records } from '../store/records.ts';

/**
 * What a member needs to look at one picture. That they looked is written down each time, before
 * they see anything.
 *
 * Of a case that may be of a minor nobody is shown one but for one look that a second person has agreed to. Nor is
 * anybody shown more in a shift than it asks of anybody, unless a senior allows it.
 */
export async function revealPicture(
  records: Records,
  input: {
    readonly picture: PictureId;
    readonly by: MemberId;
    /** How many a shift asks of anybody. */
    readonly shiftMax: number;
    readonly nowMs: number;
  },
): Promise<
  Result<
    { readonly picture: KeptPicture; readonly keys: readonly PictureKey[] },
    'not-allowed' | 'unknown' | 'sealed' | 'expired' | 'shift-full'
  >
> {
  const { picture: id, by, shiftMax, nowMs } = input;
  // Asked first, so that whoever sees no pictures does not learn which there are.
  const allowed = await requireMember(records, by, 'evidence.reveal');
  if (!allowed.ok) return allowed;
  const picture = await records.pictures.get(id);
  if (picture === null) return refused('unknown');
  const opened = await openFor(records, picture.case, by, 'evidence.reveal');
  if (!opened.ok) return opened;
  const { of, member } = opened.value;
  if (picture.shreddedAtMs !== null) return refused('expired');
  const isSealed = of.lane !== 'normal';
  if (isSealed && !isUnsealedFor(picture, { by, nowMs })) return refused('sealed');
  const shift = await shiftOf(records, by, nowMs);
  if (shift.reveals >= shiftMax + shift.more) return refused('shift-full');
  const keys = await keysOf(records, id);
  await noteLook(records, picture, by);
  await records.audit.append({
    by,
    action: 'picture.reveal',
    about: id,
    atMs: nowMs,
    details: { case: of.id, report: picture.report, lane: of.lane },
  });
  return ok({ picture, keys: keys.filter(({ role }) => member.roles.includes(role)) });
}

/** How many pictures somebody has uncovered in their shift, and how many more they were allowed. */
async function shiftOf(
  records: Records,
  member: MemberId,
  nowMs: number,
): Promise<{ readonly reveals: number; readonly more: number }> {
  const reveals = await records.audit.countOf(member, 'picture.reveal', nowMs - SHIFT_MS);
  return { reveals, more: await moreAllowed(records, member, nowMs) };
}

/** Asks a senior for more than a shift asks of anybody: once until there is an answer. */
export async function askForMoreReveals(
  records: Records,
  input: { readonly by: MemberId; readonly freshApproval: ApprovalId; readonly nowMs: number },
): Promise<Result<ApprovalId, 'not-allowed'>> {
  const { by, freshApproval, nowMs } = input;
  // Whoever sorts cases sees no picture, and reads as others do.
  const allowed = await requireMember(records, by, 'case.read');
  if (!allowed.ok) return allowed;
  const waiting = await records.approvals.find({ state: 'waiting' }, { limit: QUEUE_SHOWN_MAX });
  const asked = waiting.find(({ proposal }) => proposal.of === 'reveals' && proposal.member === by);
  if (asked !== undefined) return ok(asked.id);
  await records.approvals.put({
    id: freshApproval,
    act: 'more-reveals',
    by,
    atMs: nowMs,
    state: 'waiting',
    proposal: { of: 'reveals', member: by },
  });
  await note(records, 'reveals.ask', { by, member: by, nowMs }, { approval: freshApproval });
  return ok(freshApproval);
}

/** A senior's yes: it counts from when it is said, for as long as a shift. */
export async function allowMoreReveals(records: Records, more: OfShift): Promise<void> {
  await note(records, 'reveals.allow', more, { more: REVEALS_MORE });
}

/** Who did something about how much a member uncovers. */
interface OfShift {
  readonly member: MemberId;
  readonly by: MemberId;
  readonly nowMs: number;
}

async function note(
  records: Records,
  action: string,
  { member, by, nowMs }: OfShift,
  details: AuditEntry['details'],
): Promise<void> {
  await records.audit.append({ by, action, about: member, atMs: nowMs, details });
}

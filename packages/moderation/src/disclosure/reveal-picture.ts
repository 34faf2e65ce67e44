import type { MemberId } from '@farandole/accounts/ids';
import { requireMember } from '@farandole/accounts/members';
import type { AuditEntry } from '@farandole/accounts/records';
import { ok, type Result, refused } from '@farandole/kernel/result';
import { openFor } from '../cases/lookup.ts';
import { moreAllowed } from '../evidence/exposures.ts';
import type { PictureKey, StoredPicture } from '../evidence/picture.ts';
import { isUnsealedFor, keysOf, recordView } from '../evidence/pictures.ts';
import type { ApprovalId, PictureId } from '../ids.ts';
import { QUEUE_SHOWN_MAX, REVEALS_MORE, SHIFT_MS } from '../limits.ts';
import type { Records } from '../store/records.ts';

/**
 * Returns what a member needs to view one picture, and writes each view to the audit first.
 * A possible minor's picture requires a second approver for each view. Views per shift are limited;
 * a senior can raise the limit.
 */
export async function revealPicture(
  records: Records,
  input: {
    readonly picture: PictureId;
    readonly by: MemberId;
    /** Views allowed per shift. */
    readonly shiftMax: number;
    readonly nowMs: number;
  },
): Promise<
  Result<
    { readonly picture: StoredPicture; readonly keys: readonly PictureKey[] },
    'not-allowed' | 'unknown' | 'sealed' | 'expired' | 'shift-full'
  >
> {
  const { picture: id, by, shiftMax, nowMs } = input;
  // Checked first, so that members without permission don't learn which pictures exist.
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
  await recordView(records, picture, by);
  await records.audit.append({
    by,
    action: 'picture.reveal',
    about: id,
    atMs: nowMs,
    details: { case: of.id, report: picture.report, lane: of.lane },
  });
  return ok({ picture, keys: keys.filter(({ role }) => member.roles.includes(role)) });
}

async function shiftOf(
  records: Records,
  member: MemberId,
  nowMs: number,
): Promise<{ readonly reveals: number; readonly more: number }> {
  const reveals = await records.audit.countOf(member, 'picture.reveal', nowMs - SHIFT_MS);
  return { reveals, more: await moreAllowed(records, member, nowMs) };
}

/** Asks a senior to raise the shift limit; once until answered. */
export async function askForMoreReveals(
  records: Records,
  input: { readonly by: MemberId; readonly freshApproval: ApprovalId; readonly nowMs: number },
): Promise<Result<ApprovalId, 'not-allowed'>> {
  const { by, freshApproval, nowMs } = input;
  // Triage members see no pictures but have the same reading limit.
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

/** A senior's approval; lasts a shift from now. */
export async function allowMoreReveals(records: Records, more: OfShift): Promise<void> {
  await note(records, 'reveals.allow', more, { more: REVEALS_MORE });
}

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

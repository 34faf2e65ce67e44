import type { MemberId } from '@farandole/accounts/ids';
import { requireMember } from '@farandole/accounts/members';
import { appendAudit } from '@farandole/accounts/records';
import { ok, type Result, refused } from '@farandole/kernel/result';
import { openFor } from '../cases/lookup.ts';
import { moreAllowed } from '../evidence/exposures.ts';
import type { PictureKey, StoredPicture } from '../evidence/picture.ts';
import { isUnsealedFor, keysOf, recordView } from '../evidence/pictures.ts';
import type { ApprovalId, PictureId } from '../ids.ts';
import { QUEUE_SHOWN_MAX, REVEALS_MORE, SHIFT_MS } from '../limits.ts';
import type { Records } from '../store/records.ts';

/**
 * Returns what a member needs to view one picture. Before that it writes the view to the audit
 * log. A picture that may show a minor requires a second member's approval for each view. Views
 * per shift are limited, and a senior moderator can raise the limit.
 */
export async function revealPicture(
  records: Records,
  input: {
    readonly picture: PictureId;
    readonly by: MemberId;
    /** Maximum number of picture views of one member per shift. */
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
  // Checks the permission first, so that members without it don't learn which pictures exist.
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
  const details = { case: of.id, report: picture.report, lane: of.lane };
  await appendAudit(records, { by, nowMs }, 'picture.reveal', id, details);
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

/** Asks a senior moderator to raise a member's limit of picture views. One request may wait. */
export async function askForMoreReveals(
  records: Records,
  input: { readonly by: MemberId; readonly freshApproval: ApprovalId; readonly nowMs: number },
): Promise<Result<ApprovalId, 'not-allowed'>> {
  const { by, freshApproval, nowMs } = input;
  // Requires only `case.read`, because triage members may view no pictures but have the same limit
  // of reads.
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
  await appendAudit(records, { by, nowMs }, 'reveals.ask', by, { approval: freshApproval });
  return ok(freshApproval);
}

/** Raises a member's limits of reads and picture views for one shift from now. */
export async function allowMoreReveals(
  records: Records,
  { member, ...deed }: { readonly member: MemberId; readonly by: MemberId; readonly nowMs: number },
): Promise<void> {
  await appendAudit(records, deed, 'reveals.allow', member, { more: REVEALS_MORE });
}

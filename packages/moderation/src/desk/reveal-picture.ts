import { ok, type Result, refused } from '@farandole/kernel/result';
import type { MemberId, PictureId } from '../ids.ts';
import type { KeptPicture, PictureKey } from '../picture.ts';
import type { Records } from '../records.ts';
import { openFor } from './case-steps.ts';
import { requireMember } from './members.ts';
import { keysOf } from './pictures.ts';

/**
 * What a member needs to look at one picture. That they looked is written down each time, before
 * they see anything.
 *
 * Of a case that may be of a minor nobody is shown one: to unseal takes two people, and that is not
 * here yet.
 */
export async function revealPicture(
  records: Records,
  input: { readonly picture: PictureId; readonly by: MemberId; readonly nowMs: number },
): Promise<
  Result<
    { readonly picture: KeptPicture; readonly keys: readonly PictureKey[] },
    'not-allowed' | 'unknown' | 'sealed' | 'expired'
  >
> {
  const { picture: id, by, nowMs } = input;
  // Asked first, so that whoever sees no pictures does not learn which there are.
  const allowed = await requireMember(records, by, 'evidence.reveal');
  if (!allowed.ok) return allowed;
  const picture = await records.pictures.get(id);
  if (picture === null) return refused('unknown');
  const opened = await openFor(records, picture.case, by, 'evidence.reveal');
  if (!opened.ok) return opened;
  const { of, member } = opened.value;
  if (of.lane !== 'normal') return refused('sealed');
  if (picture.shreddedAtMs !== null) return refused('expired');
  const keys = await keysOf(records, id);
  await records.audit.append({
    by,
    action: 'picture.reveal',
    about: id,
    atMs: nowMs,
    details: { case: of.id, report: picture.report },
  });
  return ok({ picture, keys: keys.filter(({ role }) => member.roles.includes(role)) });
}

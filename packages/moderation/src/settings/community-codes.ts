import type { MemberId } from '@farandole/accounts/ids';
import { appendAudit } from '@farandole/accounts/records';
import { ok, type Result, refused } from '@farandole/kernel/result';
import { isOneLine } from '@farandole/kernel/text';
import {
  COMMUNITY_CODE_LABEL_UNITS_MAX,
  COMMUNITY_CODE_MS_MAX,
  COMMUNITY_CODE_USES_MAX,
  COMMUNITY_CODES_MAX,
} from '../limits.ts';
import type { Records } from '../store/records.ts';
import { changeList, findForEdit, putCodes, readCodes, readCommunity } from './communities.ts';
import { type CommunityCode, isUsable } from './community.ts';

type CodesFault = 'not-allowed' | 'unknown' | 'malformed' | 'too-many-of' | 'community-label-wrong';

/** Adds codes with the given ids and labels. Codes of a list are for one browser each. */
export async function giveCommunityCodes(
  records: Records,
  input: {
    readonly name: string;
    readonly codes: readonly { readonly id: string; readonly label: string }[];
    readonly usesMax: number;
    readonly expiresAtMs: number;
    readonly by: MemberId;
    readonly nowMs: number;
  },
): Promise<Result<readonly CommunityCode[], CodesFault>> {
  const { name, codes, usesMax, expiresAtMs, by, nowMs } = input;
  const found = await findForEdit(records, input);
  if (!found.ok) return found;
  const { door } = found.value;
  const isForMany = Number.isInteger(usesMax) && usesMax >= 1 && usesMax <= COMMUNITY_CODE_USES_MAX;
  const lastsMs = expiresAtMs - nowMs;
  if (door === 'link' || codes.length === 0) return refused('malformed');
  if (!isForMany || !(lastsMs > 0 && lastsMs <= COMMUNITY_CODE_MS_MAX)) return refused('malformed');
  const labels = codes.map(({ label }) => label.trim());
  if (!labels.every(isLabel)) return refused('community-label-wrong');
  const known = await readCodes(records, name);
  if (known.length + codes.length > COMMUNITY_CODES_MAX) return refused('too-many-of');
  const made = codes.map(
    ({ id }, at): CommunityCode => ({
      ...{ id, label: labels[at] ?? '', uses: 0, atMs: nowMs, expiresAtMs },
      ...(door === 'list' ? { usesMax: 1, device: null } : { usesMax }),
    }),
  );
  await putCodes(records, name, [...known, ...made], nowMs);
  await changeList(records, null, nowMs);
  const details = { codes: made.length };
  await appendAudit(records, { by, nowMs }, 'community.codes', name, details);
  return ok(made);
}

/** Removes a code. A browser that used it needs another code for its next search. */
export async function revokeCommunityCode(
  records: Records,
  input: {
    readonly name: string;
    readonly code: string;
    readonly by: MemberId;
    readonly nowMs: number;
  },
): Promise<Result<null, 'not-allowed' | 'unknown'>> {
  const { name, code, by, nowMs } = input;
  const found = await findForEdit(records, input);
  if (!found.ok) return found;
  const known = await readCodes(records, name);
  const left = known.filter(({ id }) => id !== code);
  if (left.length === known.length) return refused('unknown');
  await putCodes(records, name, left, nowMs);
  await changeList(records, null, nowMs);
  await appendAudit(records, { by, nowMs }, 'community.revoke', name);
  return ok(null);
}

/**
 * Uses a code. The browser that used a code for one person may use it again.
 *
 * @param device keyed hash of the code and the browser's device key
 */
export async function enterCommunity(
  records: Records,
  input: {
    readonly name: string;
    readonly code: string;
    readonly device: string;
    readonly nowMs: number;
  },
): Promise<Result<null, 'unknown' | 'wrong-code'>> {
  const { name, code, device, nowMs } = input;
  const community = await readCommunity(records, name);
  if (community === null || community.closedAtMs !== null) return refused('unknown');
  const codes = await readCodes(records, name);
  const found = codes.find(({ id }) => id === code);
  if (found === undefined || nowMs >= found.expiresAtMs) return refused('wrong-code');
  if (found.device === device) return ok(null);
  if (!isUsable(found, nowMs)) return refused('wrong-code');
  const used: CommunityCode = {
    ...found,
    uses: found.uses + 1,
    ...(found.device !== undefined && { device }),
  };
  const next = codes.map((each) => (each.id === code ? used : each));
  await putCodes(records, name, next, nowMs);
  return ok(null);
}

function isLabel(label: string): boolean {
  return label === '' || isOneLine(label, COMMUNITY_CODE_LABEL_UNITS_MAX);
}

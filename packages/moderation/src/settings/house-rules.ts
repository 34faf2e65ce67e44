import type { MemberId } from '@farandole/accounts/ids';
import { requireMember } from '@farandole/accounts/members';
import { ok, type Result, refused } from '@farandole/kernel/result';
import { hasControlCharacters } from '@farandole/kernel/text';
import { HOUSE_RULES_UNITS_MAX } from '../limits.ts';
import type { Records } from '../store/records.ts';

/** A setting of its own command, which counts its versions. */
export const HOUSE_RULES_SETTING = 'rules.house';

/** What this house asks of people beside what every server does: plain text, in the page's languages. */
export interface HouseRules {
  /** Grows with each change; 0 where there never were any. */
  readonly version: number;
  /** Empty where there is none in this language. */
  readonly en: string;
  readonly fr: string;
}

const NONE: HouseRules = { version: 0, en: '', fr: '' };

export type HouseRulesRefusal =
  | 'not-allowed'
  | 'malformed'
  /** Somebody else has changed them since they were read. */
  | 'changed-meanwhile'
  | 'rules-too-long'
  | 'rules-have-control-characters';

/** Changes the rules of this house; with both texts empty there are none any more. */
export async function putHouseRules(
  records: Records,
  input: {
    readonly en: string;
    readonly fr: string;
    /** The version that was read, and is changed. */
    readonly before: number;
    readonly by: MemberId;
    readonly nowMs: number;
  },
): Promise<Result<HouseRules, HouseRulesRefusal>> {
  const { before, by, nowMs } = input;
  if (typeof input.en !== 'string' || typeof input.fr !== 'string') return refused('malformed');
  const allowed = await requireMember(records, by, 'rules.edit');
  if (!allowed.ok) return allowed;
  const [en, fr] = [asText(input.en), asText(input.fr)];
  for (const text of [en, fr]) {
    if (text.length > HOUSE_RULES_UNITS_MAX) return refused('rules-too-long');
    if (hasControlCharacters(text)) return refused('rules-have-control-characters');
  }
  const known = await readHouseRules(records);
  if (known.version !== before) return refused('changed-meanwhile');
  // Nobody is asked to read again what is as it was.
  if (known.en === en && known.fr === fr) return ok(known);
  const rules: HouseRules = { version: known.version + 1, en, fr };
  await records.settings.put({
    id: HOUSE_RULES_SETTING,
    value: JSON.stringify(rules),
    atMs: nowMs,
  });
  await records.audit.append({
    by,
    action: 'rules.put',
    about: HOUSE_RULES_SETTING,
    atMs: nowMs,
    details: { version: rules.version },
  });
  return ok(rules);
}

export async function readHouseRules(records: Records): Promise<HouseRules> {
  const setting = await records.settings.get(HOUSE_RULES_SETTING);
  return setting === null ? NONE : (JSON.parse(setting.value) as HouseRules);
}

/** As a form sends it, without what no reader sees. */
function asText(text: string): string {
  return text.replaceAll('\r\n', '\n').trim();
}

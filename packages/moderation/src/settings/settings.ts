import type { MemberId } from '@farandole/accounts/ids';
import { requireMember } from '@farandole/accounts/members';
import { appendAudit } from '@farandole/accounts/records';
import { ok, type Result, refused } from '@farandole/kernel/result';
import { hasControlCharacters } from '@farandole/kernel/text';
import { ALERTS_SETTING } from '../alerts/alert-settings.ts';
import { SETTING_VALUE_UNITS_MAX } from '../limits.ts';
import type { Records } from '../store/records.ts';
import type { StoredSetting } from '../store/stored.ts';
import { isOfCommunities } from './communities.ts';
import { HOURS_SETTING } from './hours.ts';
import { HOUSE_RULES_SETTING } from './house-rules.ts';

/** Matches lower-case words joined by points, such as `evidence.pictures`. */
const SETTING_NAME = /^[a-z][a-z-]{0,31}(?:\.[a-z][a-z-]{0,31}){0,3}$/;

/** Settings that only their own commands may change. */
const OWN_COMMAND: ReadonlySet<string> = new Set([
  HOUSE_RULES_SETTING,
  HOURS_SETTING,
  ALERTS_SETTING,
]);

/** Changes an operator setting at run time. `by` is null for the command line. */
export async function putSetting(
  records: Records,
  input: {
    readonly name: string;
    readonly value: string;
    readonly by: MemberId | null;
    readonly nowMs: number;
  },
): Promise<Result<StoredSetting, 'not-allowed' | 'wrong-name' | 'wrong-value'>> {
  const { name, value, by, nowMs } = input;
  if (by !== null) {
    const allowed = await requireMember(records, by, 'settings.edit');
    if (!allowed.ok) return allowed;
  }
  const isOther = OWN_COMMAND.has(name) || isOfCommunities(name);
  if (!SETTING_NAME.test(name) || isOther) return refused('wrong-name');
  if (value.length > SETTING_VALUE_UNITS_MAX || hasControlCharacters(value)) {
    return refused('wrong-value');
  }
  const setting: StoredSetting = { id: name, value, atMs: nowMs };
  await records.settings.put(setting);
  await appendAudit(records, { by: by ?? 'operator', nowMs }, 'setting.put', name);
  return ok(setting);
}

export async function listSettings(records: Records): Promise<readonly StoredSetting[]> {
  const settings = await records.settings.find({}, { limit: 1_000 });
  return settings.filter(({ id }) => !isOfCommunities(id));
}

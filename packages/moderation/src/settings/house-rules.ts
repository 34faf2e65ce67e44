import type { MemberId } from '@farandole/accounts/ids';
import { requireMember } from '@farandole/accounts/members';
import { appendAudit } from '@farandole/accounts/records';
import type { LanguageTag } from '@farandole/kernel/language';
import { ok, type Result, refused } from '@farandole/kernel/result';
import { hasControlCharacters } from '@farandole/kernel/text';
import { HOUSE_RULES_UNITS_MAX } from '../limits.ts';
import type { Records } from '../store/records.ts';

/** Has a separate command, which counts its versions. */
export const HOUSE_RULES_SETTING = 'rules.house';

/** The operator's rules in addition to every server's. */
export interface HouseRules {
  /** Grows with each change; 0 before the first. */
  readonly version: number;
  /** Plain text by language; empty or missing if there is none. */
  readonly texts: HouseTexts;
}

type HouseTexts = Readonly<Record<LanguageTag, string>>;

export type HouseRulesRefusal =
  | 'not-allowed'
  | 'malformed'
  /** Another member has changed the rules since they were read. */
  | 'changed-meanwhile'
  | 'rules-too-long'
  | 'rules-have-control-characters';

/** Changes the house rules; empty texts remove them. */
export async function putHouseRules(
  records: Records,
  input: {
    readonly texts: HouseTexts;
    /** The version that is being changed. */
    readonly before: number;
    readonly by: MemberId;
    readonly nowMs: number;
  },
): Promise<Result<HouseRules, HouseRulesRefusal>> {
  const { before, by, nowMs } = input;
  const given = Object.entries(input.texts);
  if (given.some(([, text]) => typeof text !== 'string')) return refused('malformed');
  const allowed = await requireMember(records, by, 'rules.edit');
  if (!allowed.ok) return allowed;
  const texts = Object.fromEntries(given.map(([language, text]) => [language, asText(text)]));
  for (const text of Object.values(texts)) {
    if (text.length > HOUSE_RULES_UNITS_MAX) return refused('rules-too-long');
    if (hasControlCharacters(text)) return refused('rules-have-control-characters');
  }
  const known = await readHouseRules(records);
  if (known.version !== before) return refused('changed-meanwhile');
  // Unchanged texts keep the version, so that users needn't accept them again.
  if (areSame(known.texts, texts)) return ok(known);
  const rules: HouseRules = { version: known.version + 1, texts };
  await records.settings.put({
    id: HOUSE_RULES_SETTING,
    value: JSON.stringify({ version: rules.version, ...texts }),
    atMs: nowMs,
  });
  const details = { version: rules.version };
  await appendAudit(records, { by, nowMs }, 'rules.put', HOUSE_RULES_SETTING, details);
  return ok(rules);
}

/** The stored value has the version and each text by language tag. */
export async function readHouseRules(records: {
  readonly settings: Pick<Records['settings'], 'get'>;
}): Promise<HouseRules> {
  const setting = await records.settings.get(HOUSE_RULES_SETTING);
  if (setting === null) return { version: 0, texts: {} };
  const { version, ...texts } = JSON.parse(setting.value) as { version: number } & HouseTexts;
  return { version, texts };
}

function areSame(one: HouseTexts, other: HouseTexts): boolean {
  const tags = [...Object.keys(one), ...Object.keys(other)];
  return tags.every((tag) => (one[tag] ?? '') === (other[tag] ?? ''));
}

/** Normalizes form input and removes invisible characters. */
function asText(text: string): string {
  return text.replaceAll('\r\n', '\n').trim();
}

import type { MemberId } from '@farandole/accounts/ids';
import { requireMember } from '@farandole/accounts/members';
import { appendAudit } from '@farandole/accounts/records';
import type { LanguageTag } from '@farandole/kernel/language';
import { ok, type Result, refused } from '@farandole/kernel/result';
import { hasControlCharacters } from '@farandole/kernel/text';
import { HOUSE_RULES_UNITS_MAX } from '../limits.ts';
import type { Records } from '../store/records.ts';

/**
 * Setting name of the house rules. `putSetting` refuses it, because a separate command counts
 * the versions of the rules.
 */
export const HOUSE_RULES_SETTING = 'rules.house';

/** The operator's own rules for users, in addition to the rules that every server has. */
export interface HouseRules {
  /** The version of the rules, which increases with each change. 0 before the first change. */
  readonly version: number;
  /** Plain text by language tag. Empty or missing if the rules have no text in the language. */
  readonly texts: HouseTexts;
}

type HouseTexts = Readonly<Record<LanguageTag, string>>;

export type HouseRulesRefusal =
  | 'not-allowed'
  | 'malformed'
  /** Another member changed the rules after this member had read them. */
  | 'changed-meanwhile'
  | 'rules-too-long'
  | 'rules-have-control-characters';

/** Changes the house rules. An empty text removes the rules of its language. */
export async function putHouseRules(
  records: Records,
  input: {
    readonly texts: HouseTexts;
    /** The version that the member read before changing it. */
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
  // Unchanged texts keep their version, so that users don't have to accept the rules again.
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

/** Reads the house rules from the stored value: the version, and a text per language tag. */
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

/** Normalizes line breaks of a text from a form and removes white space around it. */
function asText(text: string): string {
  return text.replaceAll('\r\n', '\n').trim();
}

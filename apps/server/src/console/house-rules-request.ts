import type { MemberId } from '@farandole/moderation/ids';
import type { HouseRules } from '@farandole/moderation/settings/house-rules';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import type { ConsoleRequest } from '@farandole/protocol/console-requests';
import { type HouseRules as HouseRulesOnWire, houseTexts } from '@farandole/protocol/http-api';
import { LANGUAGES } from '@farandole/ui/locales';
import type { HouseMirror } from '../cache/house-mirror.ts';
import { isLanguage } from '../http/accept-language.ts';
import { jsonReply } from '../http/json-reply.ts';
import { HOUSE_RULES_BYTES_MAX } from '../limits.ts';
import { refusal } from './refusal.ts';

/** The body of a change, which has a text in each language. */
export const HOUSE_RULES_CHANGE_BYTES_MAX = HOUSE_RULES_BYTES_MAX * Object.keys(LANGUAGES).length;

/** On the wire the texts stand beside the version, by language. */
export function houseRulesOnWire({ version, texts }: HouseRules): HouseRulesOnWire {
  return { ...texts, version };
}

/** Changes the rules of the house. Refuses a text in a language that the server does not have. */
export async function changeHouseRules(
  {
    store,
    house,
  }: {
    readonly store: Pick<ModerationStore, 'run'>;
    readonly house: Pick<HouseMirror, 'readRules'>;
  },
  rules: ConsoleRequest<'houseRules'>,
  { by, nowMs }: { readonly by: MemberId; readonly nowMs: number },
): Promise<Response> {
  const texts = houseTexts(rules);
  if (!Object.keys(texts).every(isLanguage)) return refusal('malformed');
  const put = await store.run('house-rules.put', { texts, before: rules.before, by, nowMs });
  if (!put.ok) return refusal(put.reason);
  await house.readRules();
  return jsonReply(houseRulesOnWire(put.value));
}

import type { HouseRules } from '@farandole/moderation/settings/house-rules';
import { type HouseRules as HouseRulesOnWire, houseTexts } from '@farandole/protocol/http-api';
import { LANGUAGES } from '@farandole/ui/locales';
import type { Hono } from 'hono';
import { isLanguage } from '../http/accept-language.ts';
import { HOUSE_RULES_BYTES_MAX } from '../limits.ts';
import {
  by,
  type ConsoleApiParts,
  type ConsoleEnv,
  dataReply,
  withBody,
} from './console-context.ts';
import { refusal } from './refusal.ts';

export const HOUSE_RULES_CHANGE_BYTES_MAX = HOUSE_RULES_BYTES_MAX * Object.keys(LANGUAGES).length;

export function addHouseRulesRoutes(api: Hono<ConsoleEnv>, parts: ConsoleApiParts): void {
  const { store, clock, house, onDecided } = parts;

  api.get('/house-rules', async () => dataReply(onWire(await store.run('house-rules.read', null))));

  api.post('/house-rules', (c) =>
    withBody(
      c,
      'houseRules',
      async (rules) => {
        const texts = houseTexts(rules);
        if (!Object.keys(texts).every(isLanguage)) return refusal('malformed');
        const input = { texts, before: rules.before, by: by(c), nowMs: clock.wallMs() };
        const put = await store.run('house-rules.put', input);
        if (!put.ok) return refusal(put.reason);
        await house.readRules();
        onDecided();
        return dataReply(onWire(put.value));
      },
      HOUSE_RULES_CHANGE_BYTES_MAX,
    ),
  );
}

function onWire({ version, texts }: HouseRules): HouseRulesOnWire {
  return { ...texts, version };
}

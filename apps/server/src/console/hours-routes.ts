import type { PublishedHours } from '@farandole/moderation/settings/hours';
import type { Hono } from 'hono';
import {
  by,
  type ConsoleApiParts,
  type ConsoleEnv,
  dataReply,
  withBody,
} from './console-context.ts';
import { refusal } from './refusal.ts';

export function addHoursRoutes(api: Hono<ConsoleEnv>, parts: ConsoleApiParts): void {
  const { store, clock, hours, onDecided } = parts;

  const pageOf = (published: PublishedHours) => ({
    ...published,
    modes: hours.modes,
    communities: hours.communities(),
    peaks: hours.peaks(),
  });

  api.get('/published-hours', async () =>
    dataReply(pageOf(await store.run('published-hours.read', null))),
  );

  api.post('/published-hours', (c) =>
    withBody(c, 'publishedHours', async (asked) => {
      const { modes } = hours;
      const input = { ...asked, modes, by: by(c), nowMs: clock.wallMs() };
      const put = await store.run('published-hours.put', input);
      if (!put.ok) return refusal(put.reason);
      await hours.read();
      onDecided();
      return dataReply(pageOf(put.value));
    }),
  );
}

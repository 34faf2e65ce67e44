import type { MemberId } from '@farandole/accounts/ids';
import type { AlertTestOutcome } from '@farandole/protocol/console-api';
import { LANGUAGES } from '@farandole/ui/locales';
import type { Hono } from 'hono';
import {
  answer,
  by,
  type ConsoleApiParts,
  type ConsoleEnv,
  dataReply,
  withBody,
} from './console-context.ts';
import { refusal } from './refusal.ts';

export function addAlertsRoutes(api: Hono<ConsoleEnv>, parts: ConsoleApiParts): void {
  const { store, clock, alerts } = parts;
  let testing: Promise<readonly AlertTestOutcome[]> | null = null;

  api.get('/alerts', async (c) => {
    const read = await store.run('alerts.read', { by: by(c) });
    if (!read.ok) return refusal(read.reason);
    return dataReply({ ...read.value, channels: alerts.channels });
  });

  api.post('/alerts', (c) =>
    withBody(c, 'alertSettings', async (asked) =>
      answer(
        await store.run('alerts.put', {
          ...asked,
          rota: asked.rota.map((entry) => ({ ...entry, member: entry.member as MemberId })),
          languages: Object.keys(LANGUAGES),
          by: by(c),
          nowMs: clock.wallMs(),
        }),
      ),
    ),
  );

  api.post('/alerts/test', (c) =>
    withBody(c, 'empty', async () => {
      const read = await store.run('alerts.read', { by: by(c) });
      if (!read.ok) return refusal(read.reason);
      const { settings } = read.value;
      if (settings === null) return refusal('not-allowed');
      // Presses of the button while a test runs share its outcome.
      testing ??= alerts.test(settings).finally(() => {
        testing = null;
      });
      return dataReply(await testing);
    }),
  );

  api.post('/alerts/:id/acknowledge', (c) =>
    withBody(c, 'empty', async () => {
      const input = { alert: c.req.param('id'), by: by(c), nowMs: clock.wallMs() };
      return answer(await store.run('alert.acknowledge', input));
    }),
  );

  api.get('/server', async (c) => {
    const read = await store.run('alerts.read', { by: by(c) });
    if (!read.ok) return refusal(read.reason);
    if (read.value.settings === null) return refusal('not-allowed');
    return dataReply(parts.serverPage());
  });
}

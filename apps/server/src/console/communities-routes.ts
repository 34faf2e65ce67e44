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

export function addCommunitiesRoutes(api: Hono<ConsoleEnv>, parts: ConsoleApiParts): void {
  const { store, clock, communities, onDecided } = parts;
  /** Makes a change effective on this node at once, and soon on the others. */
  const spread = async (): Promise<void> => {
    await communities.read();
    onDecided();
  };

  api.get('/communities', async (c) =>
    answer(await store.run('community.list', { by: by(c), nowMs: clock.wallMs() })),
  );

  api.post('/communities', (c) =>
    withBody(c, 'communityCreate', async (asked) => {
      const input = { ...asked, by: by(c), nowMs: clock.wallMs() };
      const made = await store.run('community.create', input);
      if (made.ok) await spread();
      return answer(made);
    }),
  );

  api.post('/communities/change', (c) =>
    withBody(c, 'communityChange', async (asked) => {
      const input = { ...asked, by: by(c), nowMs: clock.wallMs() };
      const changed = await store.run('community.change', input);
      if (changed.ok) await spread();
      return answer(changed);
    }),
  );

  api.post('/communities/close', (c) =>
    withBody(c, 'communityClose', async ({ name }) => {
      const closed = await store.run('community.close', {
        ...{ name, by: by(c), nowMs: clock.wallMs() },
      });
      if (closed.ok) await spread();
      return answer(closed);
    }),
  );

  // The codes themselves are only in this response. The store has their hashes.
  api.post('/communities/codes', (c) =>
    withBody(c, 'communityCodes', async ({ name, labels, usesMax, days }) => {
      const made = labels.map((label) => ({ label, code: parts.freshId() }));
      const nowMs = clock.wallMs();
      const given = await store.run('community.codes', {
        ...{ name, usesMax, by: by(c), nowMs },
        codes: made.map(({ label, code }) => ({ label, id: parts.communityCodeId(name, code) })),
        expiresAtMs: nowMs + days * 24 * 60 * 60 * 1_000,
      });
      if (!given.ok) return refusal(given.reason);
      await spread();
      return dataReply(made);
    }),
  );

  api.post('/communities/revoke', (c) =>
    withBody(c, 'communityRevoke', async ({ name, code }) => {
      const input = { name, code, by: by(c), nowMs: clock.wallMs() };
      const revoked = await store.run('community.revoke', input);
      if (revoked.ok) await spread();
      return answer(revoked);
    }),
  );
}

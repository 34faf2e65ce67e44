import type { Result } from '@farandole/kernel/result';
import type {
  AnchorHash,
  AppealId,
  ApprovalId,
  CaseId,
  DecisionId,
  FoldId,
  PictureId,
  SanctionId,
} from '@farandole/moderation/ids';
import type { QueueFilter } from '@farandole/moderation/reports/queue-name';
import type { ConsoleDesk } from '@farandole/protocol/console-api';
import { Hono } from 'hono';
import { problem } from '../http/problem.ts';
import { addAlertsRoutes } from './alerts-routes.ts';
import { addCommunitiesRoutes } from './communities-routes.ts';
import {
  answer,
  by,
  type ConsoleApiParts,
  type ConsoleEnv,
  dataReply,
  idOf,
  withBody,
} from './console-context.ts';
import { addHoursRoutes } from './hours-routes.ts';
import { addHouseRulesRoutes } from './house-rules-routes.ts';
import { addRecordsRoutes } from './records-routes.ts';
import { type ConsoleRefusal, refusal } from './refusal.ts';

/**
 * Creates the console's HTTP API. Each route runs one command, which checks the member's
 * permissions. The API itself only identifies the member and parses the request. Its caller checks
 * the request's origin and rate limits first.
 */
export function createConsoleApi(parts: ConsoleApiParts): Hono<ConsoleEnv> {
  const { store, clock, live } = parts;
  const api = new Hono<ConsoleEnv>();
  const nowMs = (): number => clock.wallMs();
  const fresh = <Id extends string>(): Id => parts.freshId() as Id;
  const answerDecided = <Value>(result: Result<Value, ConsoleRefusal>): Response => {
    if (result.ok) parts.onDecided();
    return answer(result);
  };

  api.use(async (c, next) => {
    const signedIn = await parts.authenticate(c.req.raw);
    if (signedIn === undefined) return problem('signed-out', 'Sign in first.');
    c.set('signedIn', signedIn);
    return await next();
  });

  api.get('/desk', async (c) => {
    const { id, name, roles } = c.get('signedIn').member;
    const members = await store.run('member.list', null);
    const names = Object.fromEntries(members.map((member) => [member.id, member.name]));
    const desk: ConsoleDesk = { member: { id, name, roles }, names, handOver: parts.handOver };
    return dataReply(desk);
  });

  api.get('/queue', async (c) => {
    const { show, fold, after } = c.req.query();
    const asked = {
      ...(show !== undefined && { show: show as QueueFilter }),
      ...(fold !== undefined && { fold: fold as FoldId }),
      ...(after !== undefined && { after }),
    };
    return answer(await store.run('queue.read', { by: by(c), nowMs: nowMs(), ...asked }));
  });

  api.get('/cases/:id', async (c) => {
    const id = idOf<CaseId>(c);
    if (id === null) return refusal('unknown');
    return answer(await store.run('case.show', { case: id, by: by(c), nowMs: nowMs() }));
  });

  api.post('/cases/:id/step', (c) =>
    withBody(c, 'step', async (step) => {
      const id = idOf<CaseId>(c);
      if (id === null) return refusal('unknown');
      return answer(await store.run('case.step', { case: id, by: by(c), step, nowMs: nowMs() }));
    }),
  );

  api.post('/cases/:id/decision', (c) =>
    withBody(c, 'decision', async ({ networks = [], ...decision }) => {
      const id = idOf<CaseId>(c);
      if (id === null) return refusal('unknown');
      return answerDecided(
        await store.run('case.decide', {
          case: id,
          by: by(c),
          decision,
          networks: networks.map(({ network, ...rest }) => ({
            ...rest,
            scope: 'prefix',
            prefix: network as AnchorHash,
          })),
          freshDecision: fresh<DecisionId>(),
          freshApproval: fresh<ApprovalId>(),
          sampleSeed: parts.freshId(),
          nowMs: nowMs(),
        }),
      );
    }),
  );

  api.post('/cases/:id/hand-over', (c) =>
    withBody(c, 'handOver', async (tick) => {
      const id = idOf<CaseId>(c);
      if (id === null) return refusal('unknown');
      const input = { ...tick, case: id, by: by(c), nowMs: nowMs() };
      return answer(await store.run('hand-over.tick', input));
    }),
  );

  api.post('/cases/:id/undo', (c) =>
    withBody(c, 'empty', async () => {
      const id = idOf<CaseId>(c);
      if (id === null) return refusal('unknown');
      const input = { case: id, by: by(c), nowMs: nowMs() };
      return answerDecided(await store.run('case.undo', input));
    }),
  );

  api.post('/pictures/:id/reveal', (c) =>
    withBody(c, 'empty', async () => {
      const picture = idOf<PictureId>(c);
      if (picture === null) return refusal('unknown');
      const shiftMax = parts.picturesPerShift;
      const input = { picture, by: by(c), shiftMax, nowMs: nowMs() };
      const revealed = await store.run('picture.reveal', input);
      if (!revealed.ok) return refusal(revealed.reason);
      const opened = await parts.vault.open(revealed.value.picture, revealed.value.keys);
      if (!opened.ok) return refusal(opened.reason);
      return new Response(opened.value, {
        headers: { 'Content-Type': 'application/octet-stream', 'Cache-Control': 'no-store' },
      });
    }),
  );

  api.post('/pictures/:id/unseal', (c) =>
    withBody(c, 'empty', async () => {
      const picture = idOf<PictureId>(c);
      if (picture === null) return refusal('unknown');
      const input = { picture, by: by(c), freshApproval: fresh<ApprovalId>(), nowMs: nowMs() };
      return answer(await store.run('unsealing.ask', input));
    }),
  );

  api.post('/cases/:id/shred', (c) =>
    withBody(c, 'empty', async () => {
      const id = idOf<CaseId>(c);
      if (id === null) return refusal('unknown');
      const input = { case: id, by: by(c), freshApproval: fresh<ApprovalId>(), nowMs: nowMs() };
      return answer(await store.run('deletion.ask', input));
    }),
  );

  api.get('/sealed', async (c) =>
    answer(await store.run('sealed.due', { by: by(c), nowMs: nowMs() })),
  );

  api.post('/more-reveals', (c) =>
    withBody(c, 'empty', async () => {
      const freshApproval = fresh<ApprovalId>();
      const input = { by: by(c), freshApproval, nowMs: nowMs() };
      return answer(await store.run('reveals.ask', input));
    }),
  );

  api.post('/sanctions/:id/lift', (c) =>
    withBody(c, 'empty', async () => {
      const sanction = idOf<SanctionId>(c);
      if (sanction === null) return refusal('unknown');
      const input = { sanction, by: by(c), nowMs: nowMs() };
      return answerDecided(await store.run('sanction.lift', input));
    }),
  );

  api.get('/approvals', async (c) =>
    answer(await store.run('approval.list', { by: by(c), nowMs: nowMs() })),
  );

  api.post('/approvals/:id/answer', (c) =>
    withBody(c, 'approval', async ({ answer: said }) => {
      const approval = idOf<ApprovalId>(c);
      if (approval === null) return refusal('unknown');
      const freshDecision = fresh<DecisionId>();
      const input = { approval, by: by(c), answer: said, freshDecision, nowMs: nowMs() };
      return answerDecided(await store.run('approval.answer', input));
    }),
  );

  api.post('/approvals/:id/withdraw', (c) =>
    withBody(c, 'empty', async () => {
      const approval = idOf<ApprovalId>(c);
      if (approval === null) return refusal('unknown');
      const input = { approval, by: by(c), nowMs: nowMs() };
      return answerDecided(await store.run('approval.withdraw', input));
    }),
  );

  api.get('/appeals', async (c) =>
    answer(await store.run('appeal.list', { by: by(c), nowMs: nowMs() })),
  );

  api.post('/appeals/:id/answer', (c) =>
    withBody(c, 'appeal', async (said) => {
      const appeal = idOf<AppealId>(c);
      if (appeal === null) return refusal('unknown');
      const input = { ...said, appeal, by: by(c), nowMs: nowMs() };
      return answerDecided(await store.run('appeal.answer', input));
    }),
  );

  api.get('/samples', async (c) =>
    answer(await store.run('sample.list', { by: by(c), nowMs: nowMs() })),
  );

  api.post('/samples/:id/answer', (c) =>
    withBody(c, 'sample', async ({ agrees }) => {
      const decision = idOf<DecisionId>(c);
      if (decision === null) return refusal('unknown');
      const input = { decision, by: by(c), agrees, nowMs: nowMs() };
      return answer(await store.run('sample.answer', input));
    }),
  );

  addHouseRulesRoutes(api, parts);
  addCommunitiesRoutes(api, parts);

  addHoursRoutes(api, parts);

  addAlertsRoutes(api, parts);

  addRecordsRoutes(api, parts);

  api.get('/live', (c) => {
    const feed = live.open(c.req.raw, c.get('signedIn'));
    return feed ?? problem('too-many', 'Too many open console windows.', { 'Retry-After': '10' });
  });

  api.all('*', (c) =>
    c.req.method === 'GET' || c.req.method === 'POST'
      ? problem('not-found', 'Not found.')
      : problem('method-not-allowed', 'Only GET and POST can be used here.', {
          Allow: 'GET, POST',
        }),
  );
  return api;
}

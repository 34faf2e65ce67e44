import type { IncomingMessage } from 'node:http';
import type { Clock } from '@farandole/kernel/clock';
import { isId } from '@farandole/kernel/id';
import type { Result } from '@farandole/kernel/result';
import type {
  AnchorHash,
  AppealId,
  ApprovalId,
  CaseId,
  DecisionId,
  PictureId,
  SanctionId,
} from '@farandole/moderation/ids';
import type { AuditPage } from '@farandole/moderation/stats/audit';
import { type ToldPart, transparency } from '@farandole/moderation/stats/transparency';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { CONSOLE_AUDIT_ROWS, type ConsoleDesk } from '@farandole/protocol/console-api';
import {
  type ConsoleRequest,
  type ConsoleRequestName,
  readConsoleRequest,
} from '@farandole/protocol/console-requests';
import { type Context, Hono } from 'hono';
import type { HouseMirror } from '../cache/house-mirror.ts';
import type { PictureVault } from '../evidence/picture-vault.ts';
import { readJsonBody } from '../http/json-body.ts';
import { jsonReply } from '../http/json-reply.ts';
import { bodyProblem, problem } from '../http/problem.ts';
import { CONSOLE_BODY_BYTES_MAX } from '../limits.ts';
import type { ClientPlace } from '../net/client-place.ts';
import type { Authenticate, SignedIn } from '../sign-in/signed-in.ts';
import type { CheckpointKeeper } from '../store/audit-checkpoint.ts';
import { periodOf, readPeriod } from '../transparency/read-period.ts';
import { statementLines } from '../transparency/statement-lines.ts';
import { type Period, templateParts } from '../transparency/template-parts.ts';
import { zip } from '../transparency/zip.ts';
import { auditAsLines, download, numbersAsCsv } from './downloads.ts';
import {
  changeHouseRules,
  HOUSE_RULES_CHANGE_BYTES_MAX,
  houseRulesOnWire,
} from './house-rules-request.ts';
import type { LiveFeed } from './live-feed.ts';
import { type Refusal, refusal } from './refusal.ts';
import { verifySeldom } from './verify-seldom.ts';

export interface ConsoleApiParts {
  readonly store: Pick<ModerationStore, 'run'>;
  readonly clock: Clock;
  readonly freshId: () => string;
  readonly authenticate: Authenticate;
  readonly live: LiveFeed;
  readonly vault: Pick<PictureVault, 'open'>;
  /** Where the audit ended once, as it is kept outside the store. */
  readonly checkpoints: Pick<CheckpointKeeper, 'known'>;
  /** Told when the rules of the house were changed here. */
  readonly house: Pick<HouseMirror, 'readRules'>;
  readonly picturesPerShift: number;
  /** What this server is called in a report of it. */
  readonly service: string;
  readonly handOver: ConsoleDesk['handOver'];
  /** Told when something was done here that may have changed who may do what. */
  readonly onDecided: () => void;
}

/** What whoever mounts it has found out about a request, and who it is from. */
interface Env {
  Bindings: { readonly incoming: IncomingMessage };
  Variables: { readonly place: ClientPlace; readonly signedIn: SignedIn };
}

/**
 * What the console asks of a node. Each address is one command of the desk, which asks of the roles
 * whether this member may; here is only who it is, and whether the request can be read. Whether it
 * comes from our own page, and not too often, is asked by whoever mounts it.
 */
export function createConsoleApi(parts: ConsoleApiParts): Hono<Env> {
  const { store, clock, live } = parts;
  const api = new Hono<Env>();
  const nowMs = (): number => clock.wallMs();
  const fresh = <Id extends string>(): Id => parts.freshId() as Id;
  const answerDecided = <Value>(result: Result<Value, Refusal>): Response => {
    if (result.ok) parts.onDecided();
    return answer(result);
  };

  api.use(async (c, next) => {
    const signedIn = await parts.authenticate(c.req.raw);
    if (signedIn === undefined) return problem('signed-out', 'Nobody is signed in.');
    c.set('signedIn', signedIn);
    return await next();
  });

  api.get('/desk', async (c) => {
    const { id, name, roles } = c.get('signedIn').member;
    const members = await store.run('member.list', null);
    const names = Object.fromEntries(members.map((member) => [member.id, member.name]));
    const desk: ConsoleDesk = { member: { id, name, roles }, names, handOver: parts.handOver };
    return told(desk);
  });

  api.get('/queue', async (c) =>
    answer(await store.run('queue.read', { by: by(c), nowMs: nowMs() })),
  );

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

  api.get('/shared-appeals', async (c) =>
    answer(await store.run('shared-appeal.list', { by: by(c), nowMs: nowMs() })),
  );

  api.post('/shared-appeals/:id/answer', (c) =>
    withBody(c, 'sharedAppeal', async (said) => {
      const appeal = idOf<AppealId>(c);
      if (appeal === null) return refusal('unknown');
      const input = { ...said, appeal, by: by(c), nowMs: nowMs() };
      return answerDecided(await store.run('shared-appeal.answer', input));
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

  api.get('/house-rules', async () =>
    told(houseRulesOnWire(await store.run('house-rules.read', null))),
  );

  api.post('/house-rules', (c) => {
    const change = (rules: ConsoleRequest<'houseRules'>) =>
      changeHouseRules(parts, rules, { by: by(c), nowMs: nowMs() });
    return withBody(c, 'houseRules', change, HOUSE_RULES_CHANGE_BYTES_MAX);
  });

  api.get('/numbers', async (c) =>
    answer(await store.run('numbers.read', { by: by(c), nowMs: nowMs() })),
  );

  api.get('/numbers.csv', async (c) => {
    const numbers = await store.run('numbers.read', { by: by(c), nowMs: nowMs() });
    if (!numbers.ok) return refusal(numbers.reason);
    return download(numbersAsCsv(numbers.value), 'text/csv; charset=utf-8', 'numbers.csv');
  });

  api.get('/transparency/statements.ndjson', (c) =>
    withPeriod(c, store, ({ decisions }) =>
      download(statementLines(decisions), 'application/x-ndjson', 'statements.ndjson'),
    ),
  );

  api.get('/transparency/parts.zip', (c) =>
    withPeriod(c, store, (whole, period) => {
      const files = templateParts(transparency(whole), period, parts.service);
      return download(zip(files), 'application/zip', 'transparency.zip');
    }),
  );

  api.get('/audit.ndjson', async (c) => {
    const first = await store.run('audit.read', { by: by(c), after: 0 });
    if (!first.ok) return refusal(first.reason);
    const lines = auditAsLines(async (after) => {
      // Whoever is no member any more gets no further.
      const rows = await store.run('audit.read', { by: by(c), after });
      return rows.ok ? rows.value : [];
    });
    return download(lines, 'application/x-ndjson', 'audit.ndjson');
  });

  const verify = verifySeldom(parts);
  api.get('/audit', async (c) => {
    const head = await store.run('desk.version', null);
    const until = Number(c.req.query('until') ?? head);
    if (!Number.isSafeInteger(until) || until < 0) return bodyProblem('bad-request');
    const after = Math.max(0, until - CONSOLE_AUDIT_ROWS);
    const read = await store.run('audit.read', { by: by(c), after });
    if (!read.ok) return refusal(read.reason);
    const rows = read.value.filter(({ seq }) => seq <= until).toReversed();
    const page: AuditPage = { rows, head, verdict: await verify() };
    return told(page);
  });

  api.get('/live', (c) => {
    const feed = live.open(c.req.raw, c.get('signedIn'));
    return (
      feed ?? problem('too-many', 'You have the console open too often.', { 'Retry-After': '10' })
    );
  });

  api.all('*', (c) =>
    c.req.method === 'GET' || c.req.method === 'POST'
      ? problem('not-found', 'There is nothing at this address.')
      : problem('method-not-allowed', 'Only GET and POST can be used here.', {
          Allow: 'GET, POST',
        }),
  );
  return api;
}

function by(c: Context<Env>): SignedIn['member']['id'] {
  return c.get('signedIn').member.id;
}

/** The id that the address names; null for what is none. */
function idOf<Id extends string>(c: Context<Env>): Id | null {
  const id = c.req.param('id') ?? '';
  return isId(id) ? (id as Id) : null;
}

/** Reads the body first: what is none of that request has no effect. */
async function withBody<Name extends ConsoleRequestName>(
  c: Context<Env>,
  name: Name,
  act: (body: ConsoleRequest<Name>) => Promise<Response>,
  bytesMax = CONSOLE_BODY_BYTES_MAX,
): Promise<Response> {
  const body = await readJsonBody(c.req.raw, bytesMax);
  if (!body.ok) return bodyProblem(body.reason);
  const asked = readConsoleRequest(name, body.value);
  return asked === null ? bodyProblem('bad-request') : await act(asked);
}

/** What may be told of the days that the address names. */
async function withPeriod(
  c: Context<Env>,
  store: ConsoleApiParts['store'],
  make: (whole: ToldPart, period: Period) => Response,
): Promise<Response> {
  const period = periodOf(c.req.query('from') ?? '', c.req.query('until') ?? '');
  if (period === null) return bodyProblem('bad-request');
  const whole = await readPeriod(store, by(c), period);
  return whole.ok ? make(whole.value, period) : refusal(whole.reason);
}

function answer<Value>(result: Result<Value, Refusal>): Response {
  return result.ok ? told(result.value) : refusal(result.reason);
}

function told(value: unknown): Response {
  return jsonReply(value);
}

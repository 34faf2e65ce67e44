import type { AuditPage } from '@farandole/moderation/stats/audit';
import { type PublishedPart, transparency } from '@farandole/moderation/stats/transparency';
import type { AuditVerdict } from '@farandole/moderation/store/records';
import { CONSOLE_AUDIT_ROWS } from '@farandole/protocol/console-api';
import type { Context, Hono } from 'hono';
import { bodyProblem } from '../http/problem.ts';
import { AUDIT_VERIFIED_FOR_MS } from '../limits.ts';
import { periodOf, readPeriod } from '../transparency/read-period.ts';
import { statementLines } from '../transparency/statement-lines.ts';
import { type Period, templateParts } from '../transparency/template-parts.ts';
import { answer, by, type ConsoleApiParts, type ConsoleEnv, dataReply } from './console-context.ts';
import { auditAsLines, download, numbersAsCsv } from './downloads.ts';
import { refusal } from './refusal.ts';

/** Adds the routes that show and download figures, published statements and the audit. */
export function addRecordsRoutes(api: Hono<ConsoleEnv>, parts: ConsoleApiParts): void {
  const { store, clock } = parts;
  const nowMs = (): number => clock.wallMs();

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
    withPeriod(c, store, async (whole, period) => {
      const files = templateParts(transparency(whole), period, parts.service);
      // The packer is large and rarely needed.
      const { zip } = await import('../transparency/zip.ts');
      return download(zip(files), 'application/zip', 'transparency.zip');
    }),
  );

  api.get('/audit.ndjson', async (c) => {
    const first = await store.run('audit.read', { by: by(c), after: 0 });
    if (!first.ok) return refusal(first.reason);
    const lines = auditAsLines(async (after) => {
      // The permission is checked for each page of rows, so that a member who lost access gets no
      // further rows.
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
    return dataReply(page);
  });
}

/** Responds with the publishable data of the days that the request's query names. */
async function withPeriod(
  c: Context<ConsoleEnv>,
  store: ConsoleApiParts['store'],
  make: (whole: PublishedPart, period: Period) => Response | Promise<Response>,
): Promise<Response> {
  const period = periodOf(c.req.query('from') ?? '', c.req.query('until') ?? '');
  if (period === null) return bodyProblem('bad-request');
  const whole = await readPeriod(store, by(c), period);
  return whole.ok ? await make(whole.value, period) : refusal(whole.reason);
}

/** Caches the result of verifying the audit, because each verification reads the whole audit. */
function verifySeldom({ store, clock, checkpoints }: ConsoleApiParts): () => Promise<AuditVerdict> {
  let verdict: Promise<AuditVerdict> | null = null;
  let untilMonotonicMs = 0;
  return async () => {
    if (verdict === null || clock.monotonicMs() >= untilMonotonicMs) {
      verdict = store.run('audit.verify', checkpoints.known);
      untilMonotonicMs = clock.monotonicMs() + AUDIT_VERIFIED_FOR_MS;
    }
    try {
      return await verdict;
    } catch (error) {
      verdict = null;
      throw error;
    }
  };
}

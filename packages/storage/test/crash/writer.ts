/**
 * Writes to a store as fast as possible until the process is killed. For each acknowledged
 * write, prints at once a line `report ID`, `block ID`, `decision ID` or `appeal ID`.
 */
import { writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { brandId } from '@farandole/kernel/id';
import type { AppealId, ApprovalId, DecisionId } from '@farandole/moderation/ids';
import { PostgresStore } from '../../src/postgres/postgres-store.ts';
import { SqliteStore } from '../../src/sqlite/sqlite-store.ts';
import { given, matchId, member, reportFrom, START_MS, subject } from '../support/desk.ts';
import { KEY } from '../support/keys.ts';

const AT_ONCE = 32;

const { values } = parseArgs({
  options: {
    sqlite: { type: 'string' },
    postgres: { type: 'string' },
    first: { type: 'string', default: '0' },
  },
});

const store =
  values.sqlite === undefined
    ? await PostgresStore.open(values.postgres ?? '', KEY)
    : await SqliteStore.open(values.sqlite, KEY);
const moderator = member('of-the-storm');
await store.run('member.add', {
  id: moderator,
  name: 'Storm',
  roles: ['moderator'],
  by: null,
  nowMs: START_MS,
});

let next = Number(values.first);

await Promise.all(Array.from({ length: AT_ONCE }, storm)).catch((error: unknown) => {
  // This error is expected, because the parent process has killed the database server.
  process.stderr.write(`${String(error)}\n`);
  process.exit(3);
});

async function storm(): Promise<never> {
  for (;;) {
    const n = next++;
    const nowMs = START_MS + n;
    // Each user is reported twice, so that a lost report would change the counts.
    const of = `reported-${n}`;
    const { case: into } = await store.run(
      'report.take',
      reportFrom(2 * n, { of, note: `n ${n}` }),
    );
    say('report', `report-${2 * n}`);
    await store.run('report.take', reportFrom(2 * n + 1, { of, by: 'bob', note: `n ${n}` }));
    say('report', `report-${2 * n + 1}`);
    const mark = `mark-${n}`;
    const [by, other] = [subject(`blocks-${n}`), subject(`blocked-${n}`)];
    const match = matchId(n);
    const block = {
      kind: 'block',
      match,
      side: 'a',
      by,
      of: other,
      mark,
      atWallMs: nowMs,
    } as const;
    await store.run('apart.note', { changes: [block] });
    say('block', mark);
    const step = { event: 'assign' } as const;
    given(await store.run('case.step', { case: into, by: moderator, step, nowMs }));
    const freshDecision = brandId<DecisionId>(`decision-${n}`);
    given(
      await store.run('case.decide', {
        case: into,
        by: moderator,
        decision: { measure: 'suspend-1d', reason: 'hate', note: `n ${n}` },
        networks: [],
        freshDecision,
        freshApproval: brandId<ApprovalId>(`approval-${n}`),
        nowMs,
      }),
    );
    say('decision', freshDecision);
    const freshAppeal = brandId<AppealId>(`appeal-${n}`);
    const appeal = { decision: freshDecision, text: `n ${n}`, freshAppeal, nowMs };
    given(await store.run('appeal.file', appeal));
    say('appeal', freshAppeal);
  }
}

function say(what: string, id: string): void {
  writeSync(1, `${what} ${id}\n`);
}

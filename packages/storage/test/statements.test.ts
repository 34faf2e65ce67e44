import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CommandName, InputOf, OutcomeOf } from '@farandole/moderation/service/commands';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import type { KyselyPlugin } from 'kysely';
import { kyselyRecords } from '../src/kysely-records.ts';
import { runCommand } from '../src/run-command.ts';
import { openSqlite } from '../src/sqlite/sqlite-database.ts';
import { storeSeals } from '../src/store-seals.ts';
import { Desk, device, given, subject } from './support/desk.ts';
import { KEY } from './support/keys.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

/** Counts statements, because each one costs a round trip to PostgreSQL. */
test('[MO-76, MO-94, ST-18c] runs a constant number of SQL statements for frequent queries', async () => {
  const folder = await temporaryFolder();
  const db = await openSqlite(join(folder.path, 'store.sqlite'));
  try {
    await db.transaction().execute(async (transaction) => {
      let statements = 0;
      const counter: KyselyPlugin = {
        transformQuery: ({ node }) => node,
        transformResult: async ({ result }) => {
          statements += 1;
          return await Promise.resolve(result);
        },
      };
      const records = kyselyRecords(transaction.withPlugin(counter), storeSeals(KEY));
      const run = async <Name extends CommandName>(name: Name, input: InputOf<Name>) =>
        (await runCommand(records, name, input)) as OutcomeOf<Name>;
      const desk = new Desk({ run } as unknown as ModerationStore);
      const counted = async <Name extends CommandName>(name: Name, input: InputOf<Name>) => {
        statements = 0;
        const outcome = await run(name, input);
        return { statements, outcome };
      };
      const ana = await desk.hire('ana', 'moderator');
      const others = [await desk.hire('ben', 'senior'), await desk.hire('sue', 'child-safety')];
      const fill = async (from: number, to: number) => {
        for (let n = from; n < to; n++) {
          const [asked, appealed] = [`asked-${n}`, `appealed-${n}`];
          await desk.report(n, { by: `by-${n}`, of: `of-${n}` });
          await desk.decide(
            (await desk.report(100 + n, { of: asked })).case,
            ana,
            'suspend-permanently',
          );
          const { case: of } = await desk.report(200 + n, { of: appealed });
          given(await desk.appeal((await desk.decideNow(of, ana, 'warn')).decision.id));
        }
      };
      const look = async (members: readonly (typeof ana)[], people: number) => {
        const { nowMs } = desk;
        const queue = await counted('queue.read', { by: ana, nowMs });
        const counts = await counted('desk.counts', { members, nowMs });
        const subjects = Array.from({ length: people }, (_, n) => subject(`of-${n}`));
        const trust = await counted('trust.read', { subjects });
        const asked = subjects.map((one, n) => ({ subject: one, device: device(`of-${n}`) }));
        const person = await counted('person.read', { people: asked, nowMs });
        return {
          found: [
            given(queue.outcome).rows.length,
            counts.outcome[0]?.appeals,
            trust.outcome.length,
            person.outcome.filter(({ apart }) => apart.length > 0).length,
          ],
          statements: [queue, counts, trust, person].map((one) => one.statements),
        };
      };
      await fill(0, 2);
      const few = await look([...others, ana].slice(0, 2), 2);
      assert.deepEqual(few.found, [4, 2, 2, 2]);
      assert.equal(few.statements.at(-1), 5, 'one per collection');
      await fill(2, 6);
      const many = await look([...others, ana], 6);
      assert.deepEqual(many.found, [12, 6, 6, 6]);
      assert.deepEqual(many.statements, few.statements);
      assert.ok(Math.max(...few.statements) <= 14, `${few.statements.join(', ')} statements`);
    });
  } finally {
    await db.destroy();
    await folder.remove();
  }
});

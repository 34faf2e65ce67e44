import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimClock } from '@farandole/kernel/testing/sim-clock';
import { CASE_KEPT_MS, WORDS_DECIDED_MS_MIN } from '@farandole/moderation/limits';
import { HOUSEKEEPING_EVERY_MS } from '../src/limits.ts';
import { CommandLine } from './support/command-line.ts';
import { TestPage } from './support/test-page.ts';
import { startTestServer } from './support/test-server.ts';

test('[ST-13] a server lets words, cases and the audit go when their time is over, and not before', async (t) => {
  const clock = new SimClock();
  const server = await startTestServer(t, { clock });
  const line = new CommandLine(server.dataDir);
  line.nowMs = () => clock.wallMs();
  const pages = [new TestPage(t, server.port), new TestPage(t, server.port)] as const;
  for (const page of pages) await page.arrive();
  pages[0].search('search-one');
  pages[1].search('search-two');
  const { receipt } = await pages[1].next('match.found');
  const report = { id: 'a-report', receipt, reason: 'hate', note: 'a note' } as const;
  pages[1].say('report.create', { ...report, lines: [] });
  const { code } = await pages[1].next('report.accepted');
  await line.says('user', 'add', 'Ana', '--role', 'moderator', '--role', 'auditor');

  interface Own {
    readonly reports: readonly { readonly words: unknown }[];
  }
  const own = async (): Promise<Own['reports']> => {
    const { code: failed, said } = await line.run('export', '--code', code);
    return failed === 0 ? (JSON.parse(said) as Own).reports : [];
  };
  /** Jumps to a time after the report, and waits for the housekeeping of then. */
  const startMs = clock.wallMs();
  const at = async (ms: number, holds: (reports: Own['reports']) => boolean): Promise<void> => {
    clock.advance(startMs + ms - clock.wallMs());
    while (!holds(await own()));
  };
  const words = (reports: Own['reports']): boolean => reports[0]?.words !== null;
  while ((await own()).length === 0);
  const [queued] = (await line.tells('case', 'list', '--as', 'Ana')) as [{ of: { id: string } }];
  await line.says('case', 'decide', queued.of.id, 'warn', '--reason', 'hate', '--as', 'Ana');
  await at(WORDS_DECIDED_MS_MIN - 2 * HOUSEKEEPING_EVERY_MS, words);
  // The housekeeping of that time has been: it comes more often than this.
  await at(WORDS_DECIDED_MS_MIN - HOUSEKEEPING_EVERY_MS + 1, words);
  await at(WORDS_DECIDED_MS_MIN + HOUSEKEEPING_EVERY_MS, (reports) => reports[0]?.words === null);
  await at(CASE_KEPT_MS - HOUSEKEEPING_EVERY_MS, (reports) => reports.length === 1);
  await at(CASE_KEPT_MS + 2 * HOUSEKEEPING_EVERY_MS, (reports) => reports.length === 0);
  assert.match(await line.says('audit', 'verify'), /"ok": true/);

  // A clock that goes back brings nothing about, and nothing back.
  clock.jumpWall(-WORDS_DECIDED_MS_MIN);
  assert.deepEqual(await own(), []);
});

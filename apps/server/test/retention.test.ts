import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimClock } from '@farandole/kernel/testing/sim-clock';
import {
  ANCHOR_KEPT_MS,
  APPEAL_WINDOW_MS,
  CASE_KEPT_MS,
  PAIR_KEPT_MS,
  SAMPLE_KEPT_MS,
  SAMPLE_SHARE,
  TEXT_DECIDED_MS_MAX,
  TEXT_DECIDED_MS_MIN,
  TEXT_DISMISSED_MS,
  TEXT_UNDECIDED_MS,
} from '@farandole/moderation/limits';
import type { OwnData } from '@farandole/moderation/privacy/own-data';
import { readLocales } from '@farandole/ui/scripts/locales';
import { HOUSEKEEPING_EVERY_MS } from '../src/limits.ts';
import { CommandLine } from './support/command-line.ts';
import { arriveAndMeet, report } from './support/meeting.ts';
import { storeOf, subjectOf } from './support/moderated.ts';
import { TestPage } from './support/test-page.ts';
import { startSharedServer } from './support/test-server.ts';

test('[ST-13] deletes text, cases and audit rows exactly when their retention ends', async (t) => {
  const clock = new SimClock();
  const server = await startSharedServer(t, { clock });
  const line = new CommandLine(server.dataDir);
  line.nowMs = () => clock.wallMs();
  const pages = [new TestPage(t, server.port), new TestPage(t, server.port)] as const;
  const { outcome } = await report(...pages, { reason: 'hate', note: 'a note' });
  await line.says('user', 'add', 'Ana', '--role', 'moderator', '--role', 'auditor');

  interface Own {
    readonly reports: readonly { readonly words: unknown }[];
  }
  const own = async (): Promise<Own['reports']> => {
    const { code: failed, said } = await line.run('export', '--code', outcome);
    return failed === 0 ? (JSON.parse(said) as Own).reports : [];
  };
  /**
   * Advances the clock to `ms` after the report and waits until housekeeping has made the
   * condition true.
   */
  const startMs = clock.wallMs();
  const at = async (ms: number, holds: (reports: Own['reports']) => boolean): Promise<void> => {
    clock.advance(startMs + ms - clock.wallMs());
    while (!holds(await own()));
  };
  const words = (reports: Own['reports']): boolean => reports[0]?.words !== null;
  while ((await own()).length === 0);
  const [queued] = (await line.tells('case', 'list', '--as', 'Ana')) as [{ of: { id: string } }];
  await line.says('case', 'decide', queued.of.id, 'warn', '--reason', 'hate', '--as', 'Ana');
  await at(TEXT_DECIDED_MS_MIN - 2 * HOUSEKEEPING_EVERY_MS, words);
  // Housekeeping has run by this time, because its period is shorter.
  await at(TEXT_DECIDED_MS_MIN - HOUSEKEEPING_EVERY_MS + 1, words);
  await at(TEXT_DECIDED_MS_MIN + HOUSEKEEPING_EVERY_MS, (reports) => reports[0]?.words === null);
  await at(CASE_KEPT_MS - HOUSEKEEPING_EVERY_MS, (reports) => reports.length === 1);
  await at(CASE_KEPT_MS + 2 * HOUSEKEEPING_EVERY_MS, (reports) => reports.length === 0);
  assert.match(await line.says('audit', 'verify'), /^ok: yes$/m);

  // Moving the date back brings no deleted data back.
  clock.jumpWall(-TEXT_DECIDED_MS_MIN);
  assert.deepEqual(await own(), []);
});

test('[ST-15] deletes pairs and networks when their retention ends', async (t) => {
  const clock = new SimClock();
  const env = { FARANDOLE_TRUSTED_PROXIES: '127.0.0.1' };
  const server = await startSharedServer(t, { clock, env });
  const store = await storeOf(t, server);
  const from = (address: string) => ({
    headers: { 'X-Forwarded-For': address, 'X-Forwarded-Proto': 'https' },
  });
  const ana = new TestPage(t, server.port, from('198.51.100.7'));
  const ben = new TestPage(t, server.port, from('2001:db8:7:8::9'));
  const here = new TestPage(t, server.port);
  await here.arrive();
  await arriveAndMeet(ana, ben);
  const startMs = clock.wallMs();
  const own = async (page: TestPage): Promise<OwnData> =>
    await store.run('subject.export', { subject: await subjectOf(server, page) });
  /** Waits until Ana's export has this many pairs and networks. */
  const until = async (met: number, networks: number): Promise<OwnData> => {
    for (;;) {
      const data = await own(ana);
      if (data.met.length === met && data.networks.length === networks) return data;
      clock.advance(1);
    }
  };
  const { met, networks } = await until(1, 1);
  assert.equal(met[0]?.mode, 'text');
  assert.deepEqual([networks[0]?.family, networks[0]?.bits], ['v4', 24]);
  const [other] = (await own(ben)).networks;
  assert.deepEqual([other?.family, other?.bits], ['v6', 48]);
  assert.deepEqual((await own(here)).networks, [], 'this machine is no network');
  clock.advance(startMs + PAIR_KEPT_MS - HOUSEKEEPING_EVERY_MS - clock.wallMs());
  await until(1, 1);
  clock.advance(3 * HOUSEKEEPING_EVERY_MS);
  await until(0, 1);
  clock.advance(startMs + ANCHOR_KEPT_MS - HOUSEKEEPING_EVERY_MS - clock.wallMs());
  await until(0, 1);
  clock.advance(3 * HOUSEKEEPING_EVERY_MS);
  await until(0, 0);
});

test('[ST-13] states the retention of reports on the page', () => {
  const dayMs = 86_400_000;
  const days = (...spans: readonly number[]) => spans.map((ms) => String(ms / dayMs)).toSorted();
  const always = [TEXT_DISMISSED_MS, SAMPLE_KEPT_MS, TEXT_UNDECIDED_MS, TEXT_DECIDED_MS_MAX];
  // The page's text has other numbers too: the share of the quality sample, and the 18 in a
  // reason's name.
  const others = [String(1 / SAMPLE_SHARE), '18'];
  for (const words of Object.values(readLocales('page-rest'))) {
    const { report: sheet, pages } = words;
    const said = (text: string) => (text.match(/\d+/gu) ?? []).toSorted();
    assert.deepEqual(said(sheet.kept), [...days(...always), ...others].toSorted());
    assert.deepEqual(
      said(pages.safety.p5),
      [...days(...always, TEXT_DECIDED_MS_MIN), ...others].toSorted(),
    );
    // A report's text is kept as long as an appeal is possible, because the reviewer of an appeal
    // reads the text.
    assert.equal(TEXT_DECIDED_MS_MIN, APPEAL_WINDOW_MS);
    // The page spells this retention out, as "two years".
    assert.equal(CASE_KEPT_MS, 2 * 365 * dayMs);
  }
});

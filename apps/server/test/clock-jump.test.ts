import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { ask } from '@farandole/e2e/http';
import { proofFor } from '@farandole/e2e/proof';
import type { SubjectId } from '@farandole/kernel/id';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { Desk, reportFrom } from '@farandole/storage/test/desk';
import { StartError } from '../src/start-error.ts';
import { CommandLine } from './support/command-line.ts';
import {
  decide,
  moderated,
  nowMs,
  reported,
  shutOut,
  storeOf,
  subjectOf,
} from './support/moderated.ts';
import { MovedClock } from './support/moved-clock.ts';
import { TestPage } from './support/test-page.ts';
import { startSharedServer, startTestServer, type TestServer } from './support/test-server.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Jump of the date that exceeds what a node accepts, even at its start. */
const JUMP_MS = 31 * DAY_MS;

async function hold(store: ModerationStore, subject: SubjectId): Promise<void> {
  const desk = new Desk(store);
  desk.nowMs = nowMs();
  await desk.open();
  for (let n = 0; n < 20; n++) {
    const input = reportFrom(n, { by: `reporter-${n}`, evidence: 'verified', atMs: nowMs() });
    const report = { ...input.report, of: subject };
    const taken = await store.run('report.take', { ...input, report });
    if (taken.hold !== null) return;
  }
  assert.fail('the reports were not enough');
}

async function keptOut(t: TestContext, page: TestPage, server: TestServer): Promise<void> {
  const again = page.moveTo(t, server.port);
  await assert.rejects(again.start());
  assert.equal((await again.untilClosed()).reason, 'sanctioned');
}

async function said(server: Pick<TestServer, 'events'>, event: string): Promise<void> {
  for (let n = 0; n < 1_000; n++) {
    if (server.events.some((one) => one.event === event)) return;
    await wait(20);
  }
  assert.fail(`the server never said ${event}`);
}

test('[GW-15, ST-15, MO-81] ends no sanction and deletes no record when the date jumps', async (t) => {
  const clock = new MovedClock();
  const { server: first, store, mallory } = await moderated(t, { clock, from: '127.0.1.7' });
  const { dataDir } = first;
  const neighbour = new TestPage(t, first.port, { from: '127.0.1.8' });
  const eve = new TestPage(t, first.port, { from: '127.0.3.1' });
  await neighbour.start();
  await eve.start();
  const { subject, prefix } = await shutOut(first, store, '127.0.1.7');
  await hold(store, await subjectOf(first, eve));
  const kept = [mallory, neighbour, eve];
  for (const page of kept) await page.untilClosed();
  const allKeptOut = async (server: TestServer): Promise<void> => {
    for (const page of kept) await keptOut(t, page, server);
  };
  const starting = (movedMs: number): Promise<TestServer> =>
    startSharedServer(t, { dataDir, clock: new MovedClock(movedMs) });

  let server = first;
  let machine = clock;
  for (const jumpMs of [JUMP_MS, -JUMP_MS]) {
    machine.jump(jumpMs);
    await said(server, 'clock-doubted');
    await allKeptOut(server);
    await server.close();
    await assert.rejects(starting(jumpMs), (error) => {
      return (
        error instanceof StartError &&
        /Keep the date correct with NTP\..*--accept-date/.test(error.message)
      );
    });
    machine = new MovedClock();
    server = await startSharedServer(t, { dataDir, clock: machine });
    await allKeptOut(server);
    machine.jump(jumpMs);
    await said(server, 'clock-doubted');
    machine.jump(-jumpMs);
    await said(server, 'clock-trusted');
    await allKeptOut(server);
  }
  await server.close();
  machine = new MovedClock(-JUMP_MS);
  server = await startSharedServer(t, { dataDir, clock: machine, acceptsDate: true });
  await allKeptOut(server);
  await server.close();
  const { sanctions = [] } =
    (await store.run('standing.read', { nowMs: nowMs(), unless: null })) ?? {};
  const networks = sanctions.flatMap(({ on }) => (on.scope === 'prefix' ? [on.prefix] : []));
  assert.deepEqual(networks, [prefix]);
  assert.equal((await store.run('subject.export', { subject })).met.length, 1);
});

test('[GW-15] ends a sanction after the machine slept past its end', async (t) => {
  const clock = new MovedClock();
  const { server, store, mallory } = await moderated(t, { clock });
  await decide(store, 'suspend-1d');
  await mallory.untilClosed();
  clock.jump(23 * HOUR_MS);
  await said(server, 'date-followed');
  await keptOut(t, mallory, server);
  clock.advance(HOUR_MS);
  assert.equal((await mallory.moveTo(t, server.port).start()).type, 'session.opened');
});

test('[PR-80a] accepts a proof whose challenge came before a rotation of the keys', async (t) => {
  const clock = new MovedClock();
  const { port, events } = await startTestServer(t, { clock });
  const ticketFor = async (body: object): Promise<object> => {
    const headers = { Origin: `http://localhost:${port}`, 'Content-Type': 'application/json' };
    const path = '/api/session-ticket';
    const answer = await ask({ method: 'POST', port, path, headers, body: JSON.stringify(body) });
    return answer.json() as object;
  };
  const proof = await proofFor(await ticketFor({}));
  assert.ok(proof !== null);
  clock.advance(DAY_MS);
  await said({ events }, 'key-rotated');
  assert.ok('ticket' in (await ticketFor({ proof })));
});

test("runs commands at the stored date while the machine's date is refused", async (t) => {
  const server = await startSharedServer(t);
  await reported(t, server);
  const line = new CommandLine(server.dataDir);
  line.nowMs = () => Date.now() + JUMP_MS;
  assert.match(await line.refuses('doctor'), /^fail +clock .*more than 30 days.*--accept-date/m);
  await line.says('user', 'add', 'Ana', '--role', 'moderator');
  const [{ of }] = (await line.tells('case', 'list', '--as', 'Ana')) as [{ of: { id: string } }];
  await line.says('case', 'decide', of.id, 'suspend-1d', '--reason', 'hate', '--as', 'Ana');
  const store = await storeOf(t, server);
  const standing = await store.run('standing.read', { nowMs: nowMs(), unless: null });
  const startsInMs = (standing?.sanctions ?? []).map(({ startsAtMs }) => startsAtMs - nowMs());
  assert.ok(startsInMs.length > 0);
  for (const ms of startsInMs) assert.ok(Math.abs(ms) < HOUR_MS, String(ms));
});

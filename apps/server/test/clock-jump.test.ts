import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { SubjectId } from '@farandole/kernel/id';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import {
  device as deviceNamed,
  reportFrom,
  subject as subjectNamed,
} from '@farandole/storage/test/desk';
import { memoryStore } from '@farandole/storage/test/memory-store';
import { StandingMirror } from '../src/cache/standing-mirror.ts';
import { readKeys } from '../src/keys/keys.ts';
import { DATE_KEPT_EVERY_MS, JUMP_HELD_MS } from '../src/limits.ts';
import { DATE_FILE } from '../src/node/node-clock.ts';
import { StartError } from '../src/start-error.ts';
import { NetworkAnchor } from '../src/store/network-anchor.ts';
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
import { startSharedServer, type TestServer } from './support/test-server.ts';

const DAY_MS = 86_400_000;

/** Software holds somebody, for enough reported them. */
async function hold(store: ModerationStore, subject: SubjectId): Promise<void> {
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

/** Waits until the server has said so. */
async function said(server: TestServer, event: string): Promise<void> {
  for (let n = 0; n < 1_000; n++) {
    if (server.events.some((one) => one.event === event)) return;
    await wait(20);
  }
  assert.fail(`the server never said ${event}`);
}

test('[GW-15, ST-15] a date that jumps by thirty days, there and back, in one run or over restarts, lifts nothing and forgets nothing', async (t) => {
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

  let server = first;
  let machine = clock;
  for (const jumpMs of [30 * DAY_MS, -30 * DAY_MS]) {
    machine.jump(jumpMs);
    await said(server, 'clock-doubted');
    await allKeptOut(server);
    server = await server.restart();
    await allKeptOut(server);
    await server.close();
    machine = new MovedClock(jumpMs);
    server = await startSharedServer(t, { dataDir, clock: machine });
    await said(server, 'clock-doubted');
    await allKeptOut(server);
    machine.jump(-jumpMs);
    await said(server, 'clock-trusted');
    await allKeptOut(server);
    server = await server.restart();
    await allKeptOut(server);
  }
  const { sanctions = [] } =
    (await store.run('standing.read', { nowMs: nowMs(), unless: null })) ?? {};
  const networks = sanctions.flatMap(({ on }) => (on.scope === 'prefix' ? [on.prefix] : []));
  assert.deepEqual(networks, [prefix]);
  assert.equal((await store.run('subject.export', { subject })).met.length, 1);

  machine.advance(DAY_MS);
  for (const page of kept) {
    assert.equal((await page.moveTo(t, server.port).start()).type, 'session.opened');
  }
});

test('[GW-15, MO-81] a jump that holds is taken over, and who is suspended stays so for as long as they had left', async (t) => {
  const clock = new MovedClock();
  const { server, store, mallory } = await moderated(t, { clock });
  await decide(store, 'suspend-7d');
  await mallory.untilClosed();
  clock.jump(30 * DAY_MS);
  await said(server, 'clock-doubted');
  clock.advance(JUMP_HELD_MS + DATE_KEPT_EVERY_MS);
  await said(server, 'clock-trusted');
  await keptOut(t, mallory, server);
  clock.advance(6 * DAY_MS);
  assert.equal((await mallory.moveTo(t, server.port).start()).type, 'session.opened');
});

test('[GW-15] a mirror that was read while the date was ahead is right again when the date is', async (t) => {
  const server = await startSharedServer(t);
  const store = memoryStore();
  const { subject } = await readKeys(server.dataDir);
  const mirror = new StandingMirror(store, new NetworkAnchor(subject), {
    appealCode: () => 'CODE',
    sharedCode: () => 'near-CODE',
  });
  const [eve, device] = [subjectNamed('eve'), deviceNamed('eve')];
  await hold(store, eve);
  const known = { subject: eve, device, clientAddress: '::1' };
  const at = nowMs();
  await mirror.read(at + 30 * DAY_MS);
  assert.equal(mirror.of(known, at).may, 'meet');
  assert.equal(await mirror.read(at), true);
  assert.equal(mirror.of(known, at).may, 'nothing');
  assert.equal(await mirror.read(at + 1), false);
});

test('what a command decides while the date is wrong is dated as the server dates it, and the doctor says what to do', async (t) => {
  const server = await startSharedServer(t);
  await reported(t, server);
  const line = new CommandLine(server.dataDir);
  line.nowMs = () => Date.now() + 30 * DAY_MS;
  assert.match(
    await line.says('doctor'),
    /^warn +clock .*the server goes by that for a day.*If it is right: stop the server, remove date\.json/m,
  );
  await line.says('user', 'add', 'Ana', '--role', 'moderator');
  const [{ of }] = (await line.tells('case', 'list', '--as', 'Ana')) as [{ of: { id: string } }];
  await line.says('case', 'decide', of.id, 'suspend-1d', '--reason', 'hate', '--as', 'Ana');
  const store = await storeOf(t, server);
  const standing = await store.run('standing.read', { nowMs: nowMs(), unless: null });
  const startsInMs = (standing?.sanctions ?? []).map(({ startsAtMs }) => startsAtMs - nowMs());
  assert.ok(startsInMs.length > 0);
  for (const ms of startsInMs) assert.ok(Math.abs(ms) < DAY_MS / 24, String(ms));
});

test('a damaged date stops the start, and says what to do', async (t) => {
  const server = await startSharedServer(t);
  await server.close();
  await writeFile(join(server.dataDir, DATE_FILE), '{"atMs":1}');
  await assert.rejects(startSharedServer(t, { dataDir: server.dataDir }), (error) => {
    return error instanceof StartError && /date\.json is damaged.*remove it/.test(error.message);
  });
});

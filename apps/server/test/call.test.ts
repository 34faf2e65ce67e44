import assert from 'node:assert/strict';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ask } from '@farandole/e2e/http';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { readKeys } from '../src/keys/keys.ts';
import { openStore, STORE_FILE } from '../src/store/open-store.ts';
import { arriveAndMeet } from './support/meeting.ts';
import { inCall, TestPage } from './support/test-page.ts';
import { startTestServer, type TestServer } from './support/test-server.ts';

interface Meeting {
  readonly ana: TestPage;
  readonly ben: TestPage;
  readonly anaFound: ServerMessageOf<'match.found'>;
  readonly benFound: ServerMessageOf<'match.found'>;
}

async function meet(t: TestContext, server: TestServer): Promise<Meeting> {
  const ana = new TestPage(t, server.port);
  const ben = new TestPage(t, server.port);
  const [anaFound, benFound] = await arriveAndMeet(ana, ben);
  assert.equal(anaFound.match, benFound.match);
  return { ana, ben, anaFound, benFound };
}

test('lets two matched users chat, and frees one when the other leaves', async (t) => {
  const server = await startTestServer(t);
  const { ana, ben, anaFound, benFound } = await meet(t, server);
  assert.notEqual(anaFound.side, benFound.side);
  assert.notEqual(anaFound.role, benFound.role);

  ana.say('chat.send', { ...inCall(anaFound), id: 'line-of-ana', text: 'Bonjour 👋' });
  const heard = await ben.next('chat.line');
  assert.equal(heard.line.text, 'Bonjour 👋');
  assert.deepEqual((await ana.next('chat.line')).line, heard.line);

  ben.say('call.end', { ...inCall(benFound), reason: 'next' });
  assert.equal((await ben.next('call.ended')).reason, 'you');
  assert.equal((await ana.next('call.ended')).reason, 'left');
});

test('stores a report without plain text, cookie or address', async (t) => {
  const server = await startTestServer(t);
  const { ana, ben, anaFound, benFound } = await meet(t, server);
  ben.say('chat.send', { ...inCall(benFound), id: 'line-of-ben', text: 'send me your number' });
  const { line } = await ana.next('chat.line');
  ana.say('report.create', {
    id: 'report-of-ana',
    receipt: anaFound.receipt,
    reason: 'scam-or-spam',
    note: 'asked at once',
    lines: [line],
  });
  const accepted = await ana.next('report.accepted');
  await server.close();

  const keys = await readKeys(server.dataDir);
  const store = await openStore({ databaseUrl: null }, server.dataDir, keys, 'here');
  assert.equal(await store.run('report.outcome', { code: accepted.code }), 'received');
  await store.close();
  assert.equal((await stat(join(server.dataDir, STORE_FILE))).mode & 0o777, 0o600);
  const files = await Promise.all(
    (await readdir(server.dataDir)).map((name) => readFile(join(server.dataDir, name), 'latin1')),
  );
  const all = files.join('');
  assert.doesNotMatch(all, /127\.0\.0\.1|__Host-|asked at once|send me your number/);
  for (const page of [ana, ben]) assert.ok(!all.includes(page.cookie.split('=')[1] ?? '?'));
});

test('[PR-60, PR-61] resumes the call after a restart and verifies its chat lines', async (t) => {
  const first = await startTestServer(t);
  const before = await meet(t, first);
  before.ana.say('chat.send', { ...inCall(before.anaFound), id: 'line-before', text: 'before' });
  const { line } = await before.ben.next('chat.line');
  assert.deepEqual((await before.ana.next('chat.line')).line, line);

  const second = await first.restart();
  const ana = before.ana.moveTo(t, second.port);
  const ben = before.ben.moveTo(t, second.port);
  await ana.start();
  await ben.start();
  const restore = (page: TestPage, receipt: string): void =>
    page.say('call.restore', { receipt, received: line.counters, latest: line });
  restore(ana, before.anaFound.receipt);
  await ana.next('call.restoring');
  restore(ben, before.benFound.receipt);
  const restored = await ana.next('call.restored');
  assert.equal((await ben.next('call.restored')).match, before.anaFound.match);
  assert.equal(restored.match, before.anaFound.match);
  assert.equal(restored.epoch, before.anaFound.epoch + 1);
  assert.deepEqual(restored.counters, line.counters);

  ben.say('chat.send', { ...inCall(restored), id: 'line-after', text: 'after' });
  assert.equal((await ana.next('chat.line')).line.text, 'after');
});

test('never rematches users who met or blocked each other, even after restarts', async (t) => {
  const first = await startTestServer(t);
  const before = await meet(t, first);
  before.ana.say('block.create', { receipt: before.anaFound.receipt });
  await before.ana.next('block.accepted');

  const second = await first.restart();
  const ana = before.ana.moveTo(t, second.port);
  const ben = before.ben.moveTo(t, second.port);
  const cleo = new TestPage(t, second.port);
  for (const page of [ana, ben, cleo]) await page.arrive();
  ana.search('ana-second');
  await ana.next('ticket.accepted');
  ben.search('ben-second');
  await ben.next('ticket.accepted');
  cleo.search('cleo-search');
  // The third user matches Ana or Ben, whichever the pool finds first.
  const found = await cleo.next('match.found');
  const partner = await Promise.any([ana.next('match.found'), ben.next('match.found')]);
  assert.equal(partner.match, found.match);
});

test('[PR-45] refuses searches while draining and keeps calls until the deadline', async (t) => {
  const server = await startTestServer(t);
  const { ana, ben, anaFound } = await meet(t, server);
  const cleo = new TestPage(t, server.port);
  await cleo.arrive();
  let isOver = false;
  const drained = server.drain().then(() => (isOver = true));
  assert.equal((await ask({ port: server.port, path: '/readyz' })).status, 503);
  assert.equal((await ask({ port: server.port, path: '/livez' })).status, 200);
  for (const page of [ana, ben, cleo]) assert.ok((await page.next('server.moving')).deadlineMs > 0);
  cleo.search('too-late-search');
  assert.equal((await cleo.next('ticket.refused')).reason, 'server-moving');
  ana.say('chat.send', { ...inCall(anaFound), id: 'a-last-line', text: 'still here' });
  assert.equal((await ben.next('chat.line')).line.text, 'still here');
  assert.equal(isOver, false);

  for (const page of [ana, ben, cleo]) page.socket.close(1000);
  await drained;
  await server.close();
  await assert.rejects(ask({ port: server.port, path: '/livez' }), { code: 'ECONNREFUSED' });
});

test('closes every socket with a reason when the server closes', async (t) => {
  const server = await startTestServer(t);
  const ana = new TestPage(t, server.port);
  await ana.arrive();
  await server.close();
  assert.deepEqual(await ana.untilClosed(), { code: 1012, reason: 'server-moving' });
});

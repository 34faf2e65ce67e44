import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { MemberId } from '@farandole/accounts/ids';
import { ask } from '@farandole/e2e/http';
import { RunningTime } from '@farandole/e2e/running-time';
import { TestDevice } from '@farandole/e2e/test-device';
import { assertDefined } from '@farandole/kernel/assert';
import { brandId } from '@farandole/kernel/id';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { HOUR_CALENDAR_PATH } from '@farandole/protocol/http-api';
import { readKeys } from '../src/keys/keys.ts';
import { openStore } from '../src/store/open-store.ts';
import { meet } from './support/meeting.ts';
import { decide, hire, nowMs } from './support/moderated.ts';
import {
  arriveAt,
  type SharedEnv,
  startNodeServers,
  untilJoined,
} from './support/several-nodes.ts';
import { inCall, TestPage } from './support/test-page.ts';
import { startTestServer, type TestServer } from './support/test-server.ts';

/** Time in ms within which a decision or declaration on one node must take effect on every node. */
const EVERYWHERE_WITHIN_MS = 2_000;
const MINUTE_MS = 60_000;

const { valkey, sharedEnv } = await startNodeServers();

/** Environment of the nodes by the first of them. */
const envs = new WeakMap<TestServer, SharedEnv>();

/** Starts two nodes that know each other. */
async function twoNodes(t: TestContext): Promise<readonly [TestServer, TestServer]> {
  const env = await sharedEnv(t);
  const nodes = [await startTestServer(t, { env }), await startTestServer(t, { env })] as const;
  await untilJoined(nodes);
  envs.set(nodes[0], env);
  return nodes;
}

/** Opens the nodes' store as another process does, which announces no change. */
async function storeOfNodes(
  t: TestContext,
  [one]: readonly [TestServer, TestServer],
): Promise<ModerationStore> {
  const env = assertDefined(envs.get(one), 'the nodes of this test');
  const dataDir = dirname(env.FARANDOLE_KEYS_FILE);
  const databaseUrl = env.FARANDOLE_DATABASE_URL;
  const store = await openStore({ databaseUrl }, dataDir, await readKeys(dataDir), 'here');
  t.after(() => store.close());
  return store;
}

test('[GW-27d] a declaration of a minor ends a second cookie’s call on another node', async (t) => {
  const [one, two] = await twoNodes(t);
  const device = new TestDevice();
  const first = await arriveAt(t, one, { device });
  const second = await arriveAt(t, two, { device });
  const ben = await arriveAt(t, two);
  await meet(second, ben);
  first.say('age.declare', { answer: 'minor', policyVersion: 1 });
  using time = new RunningTime();
  assert.equal((await first.next('age.answered')).refused, true);
  assert.equal((await second.next('age.answered')).refused, true);
  await ben.next('call.ended');
  assert.ok(time.ms <= EVERYWHERE_WITHIN_MS, `${time.ms} ms`);
  second.search('search-of-second');
  assert.equal((await second.next('ticket.refused')).reason, 'age-required');
});

test('[GW-81a] a block on another node keeps the two apart for a returning user', async (t) => {
  const [one, two] = await twoNodes(t);
  const again = async (page: TestPage, node: TestServer): Promise<TestPage> => {
    page.socket.close(1000);
    await page.untilClosed();
    return await arriveAt(t, node, { device: page.device, cookie: page.cookie });
  };
  // Node one reads the facts of both users before the block.
  const [ana, mallory] = [await arriveAt(t, one), await arriveAt(t, one)];
  const [anaAtTwo, malloryAtTwo] = [await again(ana, two), await again(mallory, two)];
  const [{ receipt }] = await meet(anaAtTwo, malloryAtTwo);
  anaAtTwo.say('block.create', { receipt });
  await anaAtTwo.next('block.accepted');
  await malloryAtTwo.next('call.ended');
  const [anaBack, malloryBack] = [await again(anaAtTwo, one), await again(malloryAtTwo, one)];
  const cleo = await arriveAt(t, one);
  anaBack.search('search-of-ana');
  malloryBack.search('search-of-mallory');
  for (const page of [anaBack, malloryBack]) await page.next('ticket.accepted');
  cleo.search('search-of-cleo');
  await cleo.next('match.found');
  const found = [anaBack, malloryBack].map(
    ({ received }) => received.filter(({ type }) => type === 'match.found').length,
  );
  assert.notDeepEqual(found, [1, 1], 'the two met');
});

test('[GW-56c] a block that is removed on one node ends on the other node', async (t) => {
  const [one, two] = await twoNodes(t);
  const [ana, mallory] = [await arriveAt(t, one), await arriveAt(t, one)];
  ana.say('invitation.create', { id: 'invitation-of-ana' });
  const { invitation: token } = await ana.next('invitation.created');
  // A private meeting has no cool-down, so the two may meet again at once.
  const meeting = { by: 'invitation', token } as const;
  for (const page of [ana, mallory]) page.search('first-search', meeting);
  const { receipt } = await ana.next('match.found');
  await mallory.next('match.found');
  ana.say('block.create', { receipt });
  const { proof = '' } = await ana.next('block.accepted');
  await mallory.next('call.ended');
  mallory.search('second-search', meeting);
  await mallory.next('ticket.accepted');
  ana.search('second-search', meeting);
  await ana.next('ticket.accepted');
  ana.say('ticket.withdraw', { ticket: 'second-search' });
  // The two waited for each other in vain.
  await ana.next('ticket.withdrawn');
  ana.socket.close(1000);
  await ana.untilClosed();
  const atTwo = await arriveAt(t, two, { device: ana.device, cookie: ana.cookie });
  atTwo.say('block.remove', { id: 'removal-one', proof });
  await atTwo.next('block.removed');
  using time = new RunningTime();
  atTwo.search('third-search', meeting);
  await atTwo.next('match.found');
  await mallory.next('match.found');
  assert.ok(time.ms <= EVERYWHERE_WITHIN_MS, `${time.ms} ms`);
});

test('[GW-95b] the number of online users is the sum of both nodes', async (t) => {
  const [one, two] = await twoNodes(t);
  const pages = [await arriveAt(t, one), await arriveAt(t, two), await arriveAt(t, two)];
  for (const page of pages) while ((await page.next('online.count')).online !== 3);
});

test('[CL-97] /readyz of a running node names another major version', async (t) => {
  const [one] = await twoNodes(t);
  // Valkey is emptied, and a node of another version joins first.
  const script = `redis.call('FLUSHALL')
    local time = redis.call('TIME')
    local ends = string.format('%.0f', time[1] * 1000 + 4900)
    redis.call('HSET', '{farandole}:members', 'a-node-of-tomorrow', ends .. ' 2 0 0 1')`;
  for (;;) {
    await valkey.command('EVAL', script, 0);
    const { status, text } = await ask({ port: one.port, path: '/readyz' });
    if (status === 503 && text() !== 'joining the other nodes\n') {
      assert.equal(text(), 'another major version than the other nodes\n');
      break;
    }
  }
  const isLogged = () =>
    one.events.some((event) => 'reason' in event && event.reason === 'version');
  while (!isLogged()) await new Promise(setImmediate);
});

test('[MO-74] a decision and house rules of another process hold on both nodes in 2 s', async (t) => {
  const nodes = await twoNodes(t);
  const [one, two] = nodes;
  const [mallory, victim] = [await arriveAt(t, two), await arriveAt(t, one)];
  const [, { receipt }] = await meet(mallory, victim);
  const reason = 'threat-or-violence';
  victim.say('report.create', { id: 'report-of-victim', reason, lines: [], receipt });
  await victim.next('report.accepted');
  const store = await storeOfNodes(t, nodes);
  await hire(store);
  await decide(store, 'suspend-1d');
  using time = new RunningTime();
  assert.equal((await mallory.untilClosed()).reason, 'sanctioned');
  assert.ok(time.ms <= EVERYWHERE_WITHIN_MS, `${time.ms} ms`);
  assert.equal(await endAt(t, mallory, one.port), 'sanctioned');

  const admin = brandId<MemberId>('member-admin');
  const roles = ['admin'] as const;
  const member = { id: admin, name: 'admin', roles, by: null, nowMs: nowMs() };
  assert.ok((await store.run('member.add', member)).ok);
  const texts = { en: 'Be on time.' };
  const rules = { texts, before: 0, by: admin, nowMs: nowMs() };
  assert.ok((await store.run('house-rules.put', rules)).ok);
  using timeOfRules = new RunningTime();
  for (const { port } of nodes) {
    const page = new TestPage(t, port);
    while ((await page.getTicket()).server.houseRules === null) {
      assert.ok(timeOfRules.ms <= EVERYWHERE_WITHIN_MS, `${timeOfRules.ms} ms`);
    }
  }
});

test('[GW-90] Next, report and block end a call across nodes', async (t) => {
  const [one, two] = await twoNodes(t);
  const [ana, ben] = [await arriveAt(t, one), await arriveAt(t, two)];
  const [atAna] = await meet(ana, ben);
  ana.say('call.end', { ...inCall(atAna), reason: 'next' });
  await ben.next('call.ended');
  const cleo = await arriveAt(t, two);
  const [ofAna] = await meet(ana, cleo);
  ana.say('report.create', {
    id: 'report-of-ana',
    reason: 'threat-or-violence',
    lines: [],
    receipt: ofAna.receipt,
  });
  await ana.next('report.accepted');
  await cleo.next('call.ended');
  const [, ofDan] = await meet(ana, await arriveAt(t, two));
  assert.notEqual(ofDan.match, ofAna.match);
});

/**
 * Opens a session of the page's user at another node, which refuses the hello or ends the session at
 * its next poll. A node that gave the user's session away lately sends the page away first.
 * @returns why the node ended the session
 */
async function endAt(t: TestContext, page: TestPage, port: number): Promise<string> {
  for (;;) {
    const moved = page.moveTo(t, port);
    await moved.start().catch(() => {});
    const { reason } = await moved.untilClosed();
    if (reason !== 'other-node') return reason;
  }
}

/** Lets a page act like a browser that lost the page or its connection without a close frame. */
async function lose(page: TestPage): Promise<void> {
  page.socket.terminate();
  await page.untilClosed();
}

test('[GW-97] a reloaded page reaches the other node and goes on with its call', async (t) => {
  const [one, two] = await twoNodes(t);
  const [ana, ben] = [await arriveAt(t, one), await arriveAt(t, two)];
  const [atAna] = await meet(ana, ben);
  ana.say('chat.send', { ...inCall(atAna), id: 'line-before', text: 'before' });
  const { line } = await ben.next('chat.line');
  await ana.next('chat.line');
  await lose(ana);
  // Node two has opened a session, so it sends users to other nodes no longer.
  const again = ana.moveTo(t, two.port);
  const { rejoin } = await again.start(true);
  assert.equal(rejoin?.match, atAna.match);
  again.say('call.restore', { receipt: rejoin?.receipt ?? '', received: [0, 0] });
  const restored = await again.next('call.restored');
  assert.deepEqual(restored.counters, line.counters);
  await ben.next('call.restored');
  ben.say('chat.replay', { ...inCall(restored), line });
  assert.equal((await again.next('chat.line')).line.text, 'before');
  again.say('chat.send', { ...inCall(restored), id: 'line-after', text: 'after' });
  assert.equal((await ben.next('chat.line')).line.text, 'after');
});

test('[GW-95] a page resumes on the other node during a call, without a lost line', async (t) => {
  const [one, two] = await twoNodes(t);
  const ana = await arriveAt(t, one);
  const ben = await arriveAt(t, two);
  const [atAna, atBen] = await meet(ana, ben);
  await lose(ben);
  ana.say('chat.send', { ...inCall(atAna), id: 'line-of-ana', text: 'while away' });
  await ana.next('chat.line');
  await ben.resumeAt(one.port);
  assert.equal((await ben.next('chat.line')).line.text, 'while away');
  ben.say('chat.send', { ...inCall(atBen), id: 'line-of-ben', text: 'back' });
  assert.equal((await ana.next('chat.line')).line.text, 'back');
});

test('[GW-97] a second tab on the other node closes the first one', async (t) => {
  const [one, two] = await twoNodes(t);
  const ana = await arriveAt(t, one);
  const tab = await arriveAt(t, two, { device: ana.device, cookie: ana.cookie });
  assert.equal((await ana.untilClosed()).reason, 'replaced');
  const [atTab] = await meet(tab, await arriveAt(t, one));
  tab.say('chat.send', { ...inCall(atTab), id: 'line-of-tab', text: 'hello' });
  assert.equal((await tab.next('chat.line')).line.text, 'hello');
});

test('[CL-150] an hour published on one node opens and closes the door of every node', async (t) => {
  const nodes = await twoNodes(t);
  const store = await storeOfNodes(t, nodes);
  const [ana, ben] = [await arriveAt(t, nodes[0]), await arriveAt(t, nodes[1])];
  const by = brandId<MemberId>('member-rae');
  await store.run('member.add', {
    id: by,
    name: 'Rae',
    roles: ['rules'],
    by: null,
    nowMs: nowMs(),
  });
  const startMs = (Math.floor(nowMs() / MINUTE_MS) + 30) * MINUTE_MS;
  const start = new Date(startMs).toISOString().slice(0, 16);
  const hour = { title: 'Films', start, zone: 'UTC', weekly: false, minutes: 60, mode: 'text' };
  const hours = [{ ...hour, id: 'hour-0001' }];
  const input = { hours, before: 0, door: 'closed', modes: ['text'], by } as const;
  using time = new RunningTime();
  assert.ok((await store.run('published-hours.put', { ...input, nowMs: nowMs() })).ok);
  const path = `${HOUR_CALENDAR_PATH}/hour-0001.ics`;
  for (const { port } of nodes) while ((await ask({ port, path })).status !== 200);
  assert.ok(time.ms <= EVERYWHERE_WITHIN_MS, `${time.ms} ms`);
  for (const page of [ana, ben]) {
    page.search('search-early');
    assert.equal((await page.next('ticket.refused')).reason, 'closed');
  }
  const removed = { ...input, hours: [], before: 1, door: 'open', nowMs: nowMs() } as const;
  assert.ok((await store.run('published-hours.put', removed)).ok);
  for (const { port } of nodes) while ((await ask({ port, path })).status !== 404);
  await meet(ana, ben);
});

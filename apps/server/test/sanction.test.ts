import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask } from '@farandole/e2e/http';
import { brandId } from '@farandole/kernel/id';
import { SHARED_CODE_PREFIX } from '@farandole/protocol/http-api';
import { readKeys } from '../src/keys/keys.ts';
import { NodeSigner } from '../src/keys/signer.ts';
import { report } from './support/meeting.ts';
import {
  BEN,
  decide,
  hire,
  moderated,
  nowMs,
  reported,
  shutOut,
  storeOf,
  theCase,
} from './support/moderated.ts';
import { TestPage } from './support/test-page.ts';
import { startSharedServer } from './support/test-server.ts';

test('[GW-15, ST-1] bans the accused by decision, also after a restart', async (t) => {
  const { server: first, store, mallory } = await moderated(t);
  const found = await theCase(store);
  assert.equal(found.reports, 1);
  assert.deepEqual(
    found.reasons.map(({ reason }) => reason),
    ['threat-or-violence'],
  );
  const decision = await decide(store, 'suspend-1d');
  const closed = await mallory.untilClosed();
  assert.deepEqual([closed.code, closed.reason], [4451, 'sanctioned']);

  const second = await first.restart();
  const again = mallory.moveTo(t, second.port);
  await assert.rejects(again.start());
  assert.equal((await again.untilClosed()).reason, 'sanctioned');

  // After another member answers the appeal, the next hello opens a session.
  const freshAppeal = brandId<never>('appeal-of-mallory');
  const filed = await store.run('appeal.file', {
    decision,
    text: 'It was not me.',
    freshAppeal,
    nowMs: nowMs(),
  });
  assert.ok(filed.ok);
  const answer = { appeal: freshAppeal, by: BEN, outcome: 'overturn', endsAtMs: null } as const;
  assert.ok((await store.run('appeal.answer', { ...answer, nowMs: nowMs() })).ok);
  const third = await second.restart();
  const back = mallory.moveTo(t, third.port);
  assert.equal((await back.start()).type, 'session.opened');
});

test('[GW-15, GW-17, MO-42] refuses a banned network at hello without revealing the decision', async (t) => {
  const { server, store } = await moderated(t, { from: '127.0.1.7' });
  const neighbour = new TestPage(t, server.port, { from: '127.0.1.8' });
  await neighbour.start();
  const { decision } = await shutOut(server, store, '127.0.1.7');
  assert.equal((await neighbour.untilClosed()).reason, 'sanctioned');
  const other = new TestPage(t, server.port, { from: '127.0.1.8' });
  await assert.rejects(other.start());
  assert.equal((await other.untilClosed()).reason, 'sanctioned');
  const told = other.received.findLast((message) => message.type === 'standing.changed');
  assert.ok(told?.type === 'standing.changed');
  assert.deepEqual([told.may, told.because], ['nothing', 'network']);
  const { appeal = '' } = told;
  assert.ok(appeal.startsWith(SHARED_CODE_PREFIX), 'theirs, against the network alone');
  const keys = await readKeys(server.dataDir);
  const signer = new NodeSigner(() => keys);
  assert.equal(signer.openAppealCode(appeal), null);
  const elsewhere = new TestPage(t, server.port, { from: '127.0.2.7' });
  assert.equal((await elsewhere.start()).type, 'session.opened');

  // Forwarding headers of a client neither admit a banned user nor block another user.
  const claims = { 'X-Forwarded-For': '127.0.2.7', 'X-Real-IP': '127.0.2.7' };
  const hidden = new TestPage(t, server.port, { from: '127.0.1.9', headers: claims });
  await assert.rejects(hidden.start());
  assert.equal((await hidden.untilClosed()).reason, 'sanctioned');
  const blamed = { 'X-Forwarded-For': '127.0.1.7', Forwarded: 'for=127.0.1.7' };
  const framed = new TestPage(t, server.port, { from: '127.0.2.8', headers: blamed });
  assert.equal((await framed.start()).type, 'session.opened');

  const [networkSanction] =
    (await store.run('standing.read', { nowMs: nowMs(), unless: null }))?.sanctions.filter(
      ({ on }) => on.scope === 'prefix',
    ) ?? [];
  assert.equal(networkSanction?.decision, decision);
  assert.ok(!JSON.stringify(networkSanction).includes('127.0.1'), 'the network itself is not kept');
});

test("[PR-75, MO-80] shows a report's outcome by outcome token, not by code", async (t) => {
  const server = await startSharedServer(t);
  const mallory = new TestPage(t, server.port);
  const victim = new TestPage(t, server.port);
  const accepted = await report(mallory, victim);
  const outcome = async (token: string) =>
    await ask({
      method: 'POST',
      port: server.port,
      path: '/api/report-outcome',
      headers: { Origin: `http://localhost:${server.port}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ outcome: token }),
    });
  const first = await outcome(accepted.outcome);
  const store = await storeOf(t, server);
  await hire(store);
  await theCase(store);
  assert.deepEqual([first.status, first.json()], [200, { state: 'received' }]);
  assert.equal(first.headers['set-cookie'], undefined);
  await decide(store, 'suspend-1d');
  assert.deepEqual((await outcome(accepted.outcome)).json(), { state: 'action-taken' });
  for (const token of [accepted.code, `${accepted.code}.`, 'x'.repeat(2_000), '']) {
    assert.equal((await outcome(token)).status, 403);
  }
});

test("[MO-54] shows a warning to its recipient's cookie only", async (t) => {
  const server = await startSharedServer(t);
  const mallory = await reported(t, server);
  const told = async (Cookie: string | null, body = '{}') => {
    const Origin = `http://localhost:${server.port}`;
    const headers = { Origin, 'Content-Type': 'application/json', ...(Cookie && { Cookie }) };
    const path = '/api/own-warning';
    return await ask({ method: 'POST', port: server.port, path, headers, body });
  };
  const { cookie } = mallory;
  assert.deepEqual((await told(cookie)).json(), { warning: null });
  const store = await storeOf(t, server);
  await hire(store);
  await theCase(store);
  const fromMs = nowMs();
  await decide(store, 'warn');
  const answer = await told(cookie);
  const { warning } = answer.json() as { warning: { atMs: number; reason: string } };
  assert.ok(fromMs <= warning.atMs && warning.atMs <= nowMs());
  assert.deepEqual(Object.keys(warning).toSorted(), ['atMs', 'reason']);
  assert.equal(answer.headers['cache-control'], 'no-store');
  for (const other of [null, `${cookie}x`]) {
    assert.deepEqual((await told(other)).json(), { warning: null });
  }
  assert.equal((await told(cookie, '{"of":"somebody"}')).status, 400);
});

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { MemberId } from '@farandole/accounts/ids';
import { ask } from '@farandole/e2e/http';
import { brandId } from '@farandole/kernel/id';
import type { CaseId } from '@farandole/moderation/ids';
import type { ReportReason } from '@farandole/moderation/reports/reason';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { HOUSE_READ_EVERY_MS } from '../../src/limits.ts';
import { meet } from '../support/meeting.ts';
import { ANA, hire, storeOf, subjectOf, theCase } from '../support/moderated.ts';
import { MovedClock } from '../support/moved-clock.ts';
import { TestPage } from '../support/test-page.ts';
import { startSharedServer, type TestServer } from '../support/test-server.ts';

/** A listed proxy on this machine, which tells the server each client's address. */
const PROXY = '127.0.0.1';
const HOME = '203.0.113.7';
const SUE = brandId<MemberId>('member-sue');

interface Place {
  readonly server: TestServer;
  readonly store: ModerationStore;
  readonly clock: MovedClock;
}

async function openPlace(t: TestContext): Promise<Place> {
  const clock = new MovedClock();
  const server = await startSharedServer(t, { clock, env: { FARANDOLE_TRUSTED_PROXIES: PROXY } });
  const store = await storeOf(t, server);
  await hire(store);
  return { server, store, clock };
}

async function arriveFrom(t: TestContext, { server }: Place, address: string): Promise<TestPage> {
  const headers = { 'X-Forwarded-For': address, 'X-Forwarded-Proto': 'https' };
  const page = new TestPage(t, server.port, { headers });
  await page.arrive();
  return page;
}

async function reportFrom(by: TestPage, of: TestPage, reason: ReportReason): Promise<void> {
  const [{ receipt }] = await meet(by, of);
  by.say('report.create', { id: 'a-report', receipt, reason, lines: [] });
  await by.next('report.accepted');
  await of.next('call.ended');
}

/** Stores calls with users of three other networks, so that the page's user counts as proven. */
async function prove({ server, store, clock }: Place, page: TestPage): Promise<void> {
  const of = await subjectOf(server, page);
  const nowMs = clock.wallMs();
  const calls = ['a', 'b', 'c'].map((network) => ({
    ...{ subject: of, other: of, counts: true, isMutual: true },
    ...{ lastedMs: 1_200_000, endedAtMs: nowMs },
    network: brandId<never>('own'),
    otherNetwork: brandId<never>(network),
  }));
  await store.run('sessions.clean', { subjects: [], calls, nowMs });
}

/**
 * Waits for one turn of the event loop, because the store of this test runs on the server's
 * thread.
 */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

async function untilReady({ server }: Place, expected: string): Promise<void> {
  for (;;) {
    const answer = await ask({ port: server.port, path: '/readyz' });
    assert.equal(answer.status, 200);
    if (answer.text() === expected) return;
  }
}

async function shownTo({ store, clock }: Place, of: CaseId, by: MemberId) {
  return await store.run('case.show', { case: of, by, nowMs: clock.wallMs() });
}

test("[MO-3a, MO-94a] keeps a case's moderator when the accused reports under other cookies", async (t) => {
  const place = await openPlace(t);
  const { store, clock } = place;
  const accused = await arriveFrom(t, place, HOME);
  await reportFrom(await arriveFrom(t, place, '198.51.100.7'), accused, 'sexual-content');
  const { id: of } = await theCase(store);
  const step = { event: 'assign' } as const;
  const assign = { case: of, by: ANA, step, nowMs: clock.wallMs() };
  assert.ok((await store.run('case.step', assign)).ok);

  // The accused reports with two further cookies, one of them from a rented address.
  for (const address of [HOME, '192.88.1.7']) {
    await reportFrom(await arriveFrom(t, place, address), accused, 'may-be-under-18');
  }
  // The store takes reports in order, so it has the earlier reports once it has this later one.
  await reportFrom(await arriveFrom(t, place, '198.18.0.7'), accused, 'sexual-content');
  for (;;) {
    const shown = await shownTo(place, of, ANA);
    assert.ok(shown.ok);
    assert.deepEqual([shown.value.of.state, shown.value.of.lane], ['assigned', 'normal']);
    if (shown.value.reportsInAll < 2) {
      await nextTurn();
      continue;
    }
    assert.deepEqual(shown.value.others, [{ id: null, lane: 'child-safety', state: 'queued' }]);
    break;
  }
  clock.advance(HOUSE_READ_EVERY_MS);
  await untilReady(place, 'ok\n1 sealed case, nobody here may open it\n');

  const nowMs = clock.wallMs();
  const sue = { id: SUE, name: 'Sue', roles: ['child-safety'], by: null, nowMs } as const;
  assert.ok((await store.run('member.add', sue)).ok);
  clock.advance(HOUSE_READ_EVERY_MS);
  await untilReady(place, 'ok\n');
  const shown = await shownTo(place, of, SUE);
  assert.ok(shown.ok);
  const [sealed] = shown.value.others;
  assert.ok(sealed !== undefined && sealed.id !== null);
  const opened = await shownTo(place, sealed.id, SUE);
  assert.ok(opened.ok);
  assert.deepEqual([opened.value.of.apart, opened.value.reportsInAll], [true, 2]);
});

test("[MO-3c] another network's proven user moves a case to child safety by reporting", async (t) => {
  const place = await openPlace(t);
  const { store } = place;
  const accused = await arriveFrom(t, place, HOME);
  await reportFrom(await arriveFrom(t, place, '198.51.100.7'), accused, 'sexual-content');
  const { id: of } = await theCase(store);
  const reporter = await arriveFrom(t, place, '192.88.1.7');
  await prove(place, reporter);
  await reportFrom(reporter, accused, 'may-be-under-18');
  for (;;) {
    const shown = await shownTo(place, of, ANA);
    if (shown.ok) {
      await nextTurn();
      continue;
    }
    assert.equal(shown.reason, 'not-allowed');
    break;
  }
});

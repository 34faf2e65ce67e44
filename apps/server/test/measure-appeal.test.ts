import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { brandId, type DeviceKeyId } from '@farandole/kernel/id';
import { createPrng } from '@farandole/kernel/prng';
import { SimClock } from '@farandole/kernel/testing/sim-clock';
import { NOTICE_DELAY_MS_MIN } from '@farandole/moderation/limits';
import { MEASURE_CODE_PREFIX } from '@farandole/protocol/http-api';
import { PeopleCache } from '../src/cache/people-cache.ts';
import { formIn, look, post } from './support/appeal-page.ts';
import { measure } from './support/measured.ts';
import { BEN, hire, nowMs, storeOf, subjectOf } from './support/moderated.ts';
import { TestPage } from './support/test-page.ts';
import { startSharedServer } from './support/test-server.ts';

/** Starts a server with a user whom software restricted or held `agoMs` ago. */
async function measured(t: TestContext, by: 'restriction' | 'hold', agoMs: number) {
  const server = await startSharedServer(t);
  const store = await storeOf(t, server);
  await hire(store);
  const page = new TestPage(t, server.port);
  await page.start();
  const of = await measure(store, await subjectOf(server, page), by, nowMs() - agoMs);
  return { server, store, page, of };
}

function toldTo({ received }: TestPage) {
  return received.findLast((message) => message.type === 'standing.changed');
}

test("[MO-140, PR-27b] notifies of a restriction at the user's next visit after the delay", async (t) => {
  const { server, page, store } = await measured(t, 'restriction', NOTICE_DELAY_MS_MIN);
  const again = page.moveTo(t, server.port);
  await again.start();
  const told = await again.next('standing.changed');
  assert.ok(told.may === 'meet' && told.limited?.appeal !== undefined);
  const { limited } = told;
  assert.match(limited.appeal ?? '', new RegExp(`^${MEASURE_CODE_PREFIX}`));
  assert.ok(limited.endsAtMs > nowMs());

  const { cookie } = again;
  for (const shown of [
    await look(server, { cookie }),
    await post(server, { code: limited.appeal ?? '' }, {}),
  ]) {
    assert.equal(shown.status, 200);
    assert.match(shown.text(), /For now, you only meet people who were also reported/);
    assert.doesNotMatch(shown.text(), /<script|reporter-|newcomer|sexual/i);
  }
  const page1 = await look(server, { cookie });
  const french = await post(server, { code: limited.appeal ?? '', language: 'fr' }, {});
  assert.match(french.text(), /vous ne rencontrez que des personnes elles aussi signalées/);
  const empty = await post(server, { form: formIn(page1), text: ' ' }, { cookie });
  assert.equal(empty.status, 422);
  const filed = await post(server, { form: formIn(page1), text: 'My dinner.' }, { cookie });
  assert.match(filed.text(), /Your appeal was received/);
  assert.doesNotMatch(filed.text(), /<textarea/);

  const waiting = await store.run('appeal.list', { by: BEN, nowMs: nowMs() });
  assert.ok(waiting.ok);
  const [only] = waiting.value;
  assert.equal(only?.text, 'My dinner.');
  const said = { outcome: 'overturn', endsAtMs: null, by: BEN, nowMs: nowMs() } as const;
  assert.ok((await store.run('appeal.answer', { appeal: only.appeal.id, ...said })).ok);
  assert.match((await look(server, { cookie })).text(), /A moderator lifted it/);
});

test("[MO-140] keeps a restriction notice's random delay when the user opens other tabs", async (t) => {
  const { server, store, page } = await measured(t, 'restriction', 0);
  const subject = await subjectOf(server, page);
  const noticeOf = async () => {
    const [known] = await store.run('trust.read', { subjects: [subject] });
    assert.ok(known?.notice !== undefined);
    return known.notice;
  };
  const drawn = await noticeOf();
  let { cookie } = page;
  for (let tab = 0; tab < 3; tab++) {
    const next = page.moveTo(t, server.port);
    await next.start();
    ({ cookie } = next);
  }
  assert.deepEqual(await noticeOf(), drawn);
  assert.match((await look(server, { cookie })).text(), /<input id="code"/);

  const people = new PeopleCache(store, createPrng(7), new SimClock());
  people.arrived({ subject, device: brandId<DeviceKeyId>('device') });
  await people.read();
  const { tellAtMs, endsAtMs } = drawn;
  const changedAt = (atMs: number) => people.noticesChanged(atMs);
  // The cache reports a change once after it read the notice, and again when the notice
  // starts and when it ends.
  assert.deepEqual(changedAt(tellAtMs - 2), [subject]);
  assert.deepEqual([changedAt(tellAtMs - 1), people.noticeOf(subject, tellAtMs - 1)], [[], null]);
  assert.deepEqual(changedAt(tellAtMs), [subject]);
  assert.equal(people.noticeOf(subject, tellAtMs)?.endsAtMs, endsAtMs);
  assert.deepEqual(changedAt(endsAtMs - 1), []);
  assert.deepEqual([changedAt(endsAtMs), people.noticeOf(subject, endsAtMs)], [[subject], null]);
  assert.deepEqual(changedAt(endsAtMs + 1), []);
});

test('[MO-141, GW-17] notifies a suspended user at once, with an appeal code', async (t) => {
  const { server, page } = await measured(t, 'hold', 0);
  await page.untilClosed();
  const told = toldTo(page);
  assert.ok(told?.type === 'standing.changed' && told.because === 'hold');
  const code = told.appeal ?? '';
  const shown = await post(server, { code }, {});
  assert.match(shown.text(), /Your access is paused/);
  const filed = await post(server, { form: formIn(shown), text: 'It was my cat.' }, {});
  assert.match(filed.text(), /Your appeal was received/);
  const spoilt = await post(server, { code: `${code}x` }, {});
  assert.equal(spoilt.status, 404);
});

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { AGE_CODE_PREFIX } from '@farandole/protocol/http-api';
import { formIn, look, post } from './support/appeal-page.ts';
import { ROWS } from './support/budgets.ts';
import { BEN, hire, nowMs, storeOf } from './support/moderated.ts';
import { TestPage } from './support/test-page.ts';
import { startSharedServer, type TestServer } from './support/test-server.ts';

const TEXT = 'My daughter pressed the button.';

/** A child declared on the adult's device, with a cookie of their own. */
async function onOneDevice(t: TestContext) {
  const server = await startSharedServer(t);
  const store = await storeOf(t, server);
  await hire(store);
  const child = new TestPage(t, server.port);
  const { policyVersion } = await child.start();
  child.say('age.declare', { answer: 'minor', policyVersion });
  const told = await child.next('age.answered');
  assert.deepEqual([told.refused, told.byDevice], [true, undefined]);
  const { device } = child;
  const adult = new TestPage(t, server.port, { device });
  const { age } = await adult.arrive();
  assert.ok(age.refused && age.byDevice !== undefined);
  return { server, store, child, adult, refusal: age.byDevice };
}

async function isRefused(page: TestPage): Promise<boolean> {
  const { age } = await page.arrive();
  page.search('a-search');
  const { type } = await page.nextOf(['ticket.accepted', 'ticket.refused']);
  assert.equal(type === 'ticket.refused', age.refused);
  return age.refused;
}

async function meets(t: TestContext, { port }: TestServer, page: TestPage): Promise<void> {
  const other = new TestPage(t, port);
  await other.arrive();
  for (const one of [page, other]) one.search('a-meeting');
  for (const one of [page, other]) await one.next('match.found');
}

test('[GW-27b, GW-27c, MO-142] a granted age appeal admits its author, not the same device’s minor', async (t) => {
  const { server, store, child, adult, refusal } = await onOneDevice(t);
  const { appeal: code } = refusal;
  assert.ok(code.startsWith(AGE_CODE_PREFIX));
  const { cookie } = adult;

  const shown = await post(server, { code }, { cookie });
  assert.equal(shown.status, 200);
  assert.match(shown.text(), /Someone said on this device that they are under 18/);
  const french = await post(server, { code, language: 'fr' }, { cookie });
  assert.match(french.text(), /Quelqu’un a indiqué sur cet appareil avoir moins de 18 ans/);
  const empty = await post(server, { form: formIn(shown), text: ' ' }, { cookie });
  assert.equal(empty.status, 422);
  const filed = await post(server, { form: formIn(shown), text: TEXT }, { cookie });
  assert.match(filed.text(), /Your appeal was received/);
  assert.doesNotMatch(filed.text(), /<textarea/);

  const waiting = await store.run('appeal.list', { by: BEN, nowMs: nowMs() });
  assert.ok(waiting.ok);
  const [only] = waiting.value;
  assert.ok(only?.appeal.standing === 'age' && only.text === TEXT);
  assert.doesNotMatch(JSON.stringify(only), /author|device/);
  const said = { outcome: 'overturn', endsAtMs: null, by: BEN, nowMs: nowMs() } as const;
  assert.ok((await store.run('appeal.answer', { appeal: only.appeal.id, ...said })).ok);

  const told = await adult.next('age.answered');
  assert.deepEqual([told.state, told.refused, told.byDevice], ['unknown', false, undefined]);
  for (const read of [await look(server, { cookie }), await post(server, { code }, { cookie })]) {
    assert.match(read.text(), /A moderator lifted it for you/);
  }
  adult.say('age.declare', { answer: 'adult', policyVersion: 1 });
  assert.equal((await adult.next('age.answered')).state, 'declared');
  await meets(t, server, adult);
  assert.equal(await isRefused(child.moveTo(t, server.port)), true);

  const again = await server.restart();
  const back = adult.moveTo(t, again.port);
  assert.equal((await back.arrive()).age.refused, false);
  await meets(t, again, back);
  assert.equal(await isRefused(child.moveTo(t, again.port)), true, 'to the end of the day');
  const third = new TestPage(t, again.port, { device: child.device });
  assert.equal(await isRefused(third), true, 'another cookie appeals for itself');
});

test('[MO-142d] limits age appeals per network and day, whatever the device', async (t) => {
  const server = await startSharedServer(t);
  const { networkMax } = ROWS['age-appeals'];
  for (let n = 0; n <= networkMax; n++) {
    const child = new TestPage(t, server.port);
    const { policyVersion } = await child.start();
    child.say('age.declare', { answer: 'minor', policyVersion });
    await child.next('age.answered');
    const adult = new TestPage(t, server.port, { device: child.device });
    const { age } = await adult.arrive();
    assert.ok(age.byDevice !== undefined);
    const { cookie } = adult;
    const form = formIn(await post(server, { code: age.byDevice.appeal }, { cookie }));
    assert.equal((await post(server, { form, text: ' ' }, { cookie })).status, 422);
    const filed = await post(server, { form, text: TEXT }, { cookie });
    assert.equal(filed.status, n < networkMax ? 200 : 422);
    if (n < networkMax) continue;
    assert.match(filed.text(), /from this device or its network today/);
  }
});

test('[GW-27b, MO-142a] a rejected age appeal changes nothing; its code works in one browser', async (t) => {
  const { server, store, child, adult, refusal } = await onOneDevice(t);
  const { appeal: code } = refusal;
  const { cookie } = adult;
  for (const other of [{}, { cookie: child.cookie }]) {
    assert.equal((await post(server, { code }, other)).status, 404);
  }
  const shown = await post(server, { code }, { cookie });
  const stolen = { form: formIn(shown), text: TEXT };
  assert.equal((await post(server, stolen, { cookie: child.cookie })).status, 403);
  assert.equal((await post(server, stolen, { cookie })).status, 200);
  const waiting = await store.run('appeal.list', { by: BEN, nowMs: nowMs() });
  assert.ok(waiting.ok && waiting.value[0] !== undefined);
  const { id: appeal } = waiting.value[0].appeal;
  const said = { outcome: 'uphold', endsAtMs: null, by: BEN, nowMs: nowMs() } as const;
  assert.ok((await store.run('appeal.answer', { appeal, ...said })).ok);
  assert.match((await look(server, { cookie })).text(), /It stays until it ends/);
  assert.equal(await isRefused(adult.moveTo(t, server.port)), true);
});

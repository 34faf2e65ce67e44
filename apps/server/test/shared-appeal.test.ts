import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { APPEAL_TEXT_UNITS_MAX } from '@farandole/moderation/limits';
import { formIn, look, post } from './support/appeal-page.ts';
import { BEN, decide, moderated, nowMs, shutOut } from './support/moderated.ts';
import { TestPage } from './support/test-page.ts';
import type { TestServer } from './support/test-server.ts';

/** Connects a user whom Mallory's sanction blocks, and returns the code that the user received. */
async function refused(
  t: TestContext,
  server: TestServer,
  options: ConstructorParameters<typeof TestPage>[2],
) {
  const page = new TestPage(t, server.port, options);
  await assert.rejects(page.start());
  const told = page.received.findLast((message) => message.type === 'standing.changed');
  assert.ok(told?.type === 'standing.changed' && told.appeal !== undefined);
  return { cookie: page.cookie, code: told.appeal };
}

test('[MO-55] lets a network-blocked user appeal and a senior lift the sanction', async (t) => {
  const { server, store, mallory } = await moderated(t, { from: '127.0.1.7' });
  await shutOut(server, store, '127.0.1.7');
  await mallory.untilClosed();
  const from = '127.0.1.8';
  const { cookie, code } = await refused(t, server, { from });

  // The server identifies the user by cookie and network, so no code is needed.
  const page = await look(server, { cookie, from });
  assert.equal(page.status, 200);
  assert.match(page.text(), /The network you come from is shut out/);
  assert.doesNotMatch(page.text(), /<script|violence|Suspended|code-row|<input id="code"/);
  assert.match((await look(server, { cookie })).text(), /<input id="code"/, 'from elsewhere');
  assert.match((await look(server, { from })).text(), /<input id="code"/, 'without a cookie');
  const french = await post(server, { code, language: 'fr' }, { cookie, from });
  assert.match(french.text(), /L’accès est fermé au réseau/);
  // The accused reads their own decision, even from the shared network.
  const theirs = await look(server, { cookie: mallory.cookie, from });
  assert.match(theirs.text(), /Suspended for a day/);
  assert.doesNotMatch(theirs.text(), /The network you come from/);

  const form = formIn(page);
  const long = 'é'.repeat(APPEAL_TEXT_UNITS_MAX + 1);
  const tooLong = await post(server, { form, text: long }, { cookie, from });
  assert.equal(tooLong.status, 422);
  assert.match(tooLong.text(), /longer than 1,000 characters/);
  const stranger = await post(server, { form, text: 'Keep <this>.' }, { from });
  assert.equal(stranger.status, 403);
  assert.match(stranger.text(), /Keep &lt;this&gt;\./);
  const filed = await post(server, { form, text: 'We are forty.' }, { cookie, from });
  assert.equal(filed.status, 200);
  assert.match(filed.text(), /What you wrote was received/);
  assert.doesNotMatch(filed.text(), /<textarea/);

  const waiting = await store.run('appeal.list', { by: BEN, nowMs: nowMs() });
  assert.ok(waiting.ok);
  const [only] = waiting.value;
  assert.equal(only?.text, 'We are forty.');
  const said = { outcome: 'others-share', endsAtMs: null } as const;
  const input = { appeal: only.appeal.id, by: BEN, ...said };
  assert.ok((await store.run('appeal.answer', { ...input, nowMs: nowMs() })).ok);
  // The user can read the answer from any network, because the appeal belongs to the user's
  // cookie.
  const after = await look(server, { cookie });
  assert.match(after.text(), /They let it go, since others share it/);
  const { port } = await server.restart();
  assert.equal((await new TestPage(t, port, { from }).start()).type, 'session.opened');
  await assert.rejects(mallory.moveTo(t, port).start());
});

test('[MO-55] lets a user of a banned shared device appeal by code', async (t) => {
  const { server, store, mallory } = await moderated(t);
  await decide(store, 'suspend-1d');
  await mallory.untilClosed();
  const { cookie, code } = await refused(t, server, { device: mallory.device });
  // HTTP requests don't identify the device, so the page asks for the code of the decision.
  assert.match((await look(server, { cookie })).text(), /<input id="code"/);
  const page = await post(server, { code }, { cookie });
  assert.match(page.text(), /This device is shut out/);
  const text = 'It is the computer of the library.';
  const filed = await post(server, { form: formIn(page), text }, { cookie });
  assert.match(filed.text(), /What you wrote was received/);
  assert.match((await look(server, { cookie })).text(), /What you wrote was received/);
  const spoilt = await post(server, { code: `${code}x` }, { cookie });
  assert.equal(spoilt.status, 404);
});

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { MemberId } from '@farandole/accounts/ids';
import { ask } from '@farandole/e2e/http';
import { brandId } from '@farandole/kernel/id';
import type { DecisionId } from '@farandole/moderation/ids';
import { APPEAL_TEXT_UNITS_MAX } from '@farandole/moderation/limits';
import { SHARED_CODE_PREFIX } from '@farandole/protocol/http-api';
import { AppealForms } from '../src/http/appeal/appeal-forms.ts';
import { APPEAL_STYLE } from '../src/http/appeal/appeal-style.ts';
import { readRing } from '../src/keys/key-store.ts';
import { readKeys } from '../src/keys/keys.ts';
import { NodeSigner } from '../src/keys/signer.ts';
import { FORM_BYTES_MAX, FORM_LIFETIME_MS } from '../src/limits.ts';
import { systemClock } from '../src/node/system-clock.ts';
import { formIn, look, post } from './support/appeal-page.ts';
import { ROWS } from './support/budgets.ts';
import { BEN, decide, moderated, nowMs, subjectOf, theCase } from './support/moderated.ts';
import { TestPage } from './support/test-page.ts';
import { startSharedServer, type TestServer } from './support/test-server.ts';

/** @returns `code`, the code of the decision that the accused received */
async function suspended(t: TestContext) {
  const { server, store, mallory } = await moderated(t);
  const { id: of } = await theCase(store);
  const decision = await decide(store, 'suspend-1d');
  return { server, store, mallory, of, decision, code: await codeOf(server, decision) };
}

async function codeOf(server: TestServer, decision: DecisionId): Promise<string> {
  const ring = await readKeys(server.dataDir);
  return new NodeSigner(() => ring).appealCode(decision);
}

test('[GW-17, MO-50, MO-53] shows a banned user the decision, appeal form and answer without scripts', async (t) => {
  const { server, store, mallory, decision } = await suspended(t);
  assert.equal((await mallory.untilClosed()).reason, 'sanctioned');
  const told = mallory.received.findLast((message) => message.type === 'standing.changed');
  assert.ok(told?.type === 'standing.changed');
  const code = told.appeal;
  assert.ok(code !== undefined && code !== decision);

  const { cookie } = mallory;
  const page = await look(server, { cookie });
  assert.equal(page.status, 200);
  assert.match(page.text(), /Suspended for a day/);
  assert.match(page.text(), /No threats and no violence/);
  assert.match(page.text(), /<dt>What was looked at<\/dt><dd>What people reported/);
  assert.doesNotMatch(page.text(), /<script|report-of-victim|member-ana/);
  assert.match(String(page.headers['content-security-policy']), /default-src 'none'/);
  assert.equal(page.headers['cache-control'], 'no-store');

  // The browser has no cookie, so it opens the page by the decision's code.
  const byCode = await post(server, { code, language: 'fr' });
  assert.equal(byCode.status, 200);
  assert.match(byCode.text(), /Accès suspendu pour un jour/);
  const written = 'It was not me.\r\n<b>Look</b> again.';
  const filed = await post(server, { form: formIn(byCode), text: written });
  assert.equal(filed.status, 200);
  assert.match(filed.text(), /Your appeal was received/);
  const again = await post(server, { form: formIn(byCode), text: 'Another one.' });
  assert.match(again.text(), /Your appeal was received/, 'sent twice, it is there once');
  const own = await store.run('subject.export', { subject: await subjectOf(server, mallory) });
  assert.deepEqual(
    own.appeals.map(({ text }) => text),
    ['It was not me.\n<b>Look</b> again.'],
  );

  const [appeal] = own.appeals.map(({ appeal: { id } }) => id);
  assert.ok(appeal !== undefined);
  const answer = { appeal, by: BEN, outcome: 'overturn', endsAtMs: null } as const;
  assert.ok((await store.run('appeal.answer', { ...answer, nowMs: nowMs() })).ok);
  const after = await look(server, { cookie });
  assert.match(after.text(), /took the decision back/);
  assert.doesNotMatch(after.text(), /<textarea/);
});

test('[MO-53] shows no decision for codes that members or other users know', async (t) => {
  const { server, store, mallory, of, decision, code } = await suspended(t);
  const input = { id: brandId<MemberId>('member-cleo'), name: 'Cleo', roles: ['auditor'] } as const;
  assert.ok((await store.run('member.add', { ...input, by: null, nowMs: nowMs() })).ok);
  const inside = JSON.stringify([
    await store.run('case.show', { case: of, by: BEN, nowMs: nowMs() }),
    await store.run('audit.read', { by: input.id, after: 0 }),
    await store.run('standing.read', { nowMs: nowMs(), unless: null }),
  ]);
  assert.ok(inside.includes(decision) && !inside.includes(code));
  assert.equal((await post(server, { code: decision })).status, 404);

  // A user with the same device key and another cookie is blocked too.
  await mallory.untilClosed();
  const other = new TestPage(t, server.port, { device: mallory.device });
  await assert.rejects(other.start());
  const told = other.received.findLast((message) => message.type === 'standing.changed');
  assert.ok(told?.type === 'standing.changed');
  assert.deepEqual([told.may, told.because], ['nothing', 'decision']);
  // The code that this other user received doesn't open the decision page.
  const near = told.appeal ?? '';
  assert.ok(near.startsWith(SHARED_CODE_PREFIX));
  assert.equal((await post(server, { code: near })).status, 404);
  const page = await look(server, { cookie: other.cookie });
  assert.match(page.text(), /<input id="code"/);
});

test("[MO-53] without a cookie, asks for a code in the user's language", async (t) => {
  const server = await startSharedServer(t);
  const languageOf = async (path: string, accepted?: string) => {
    const headers = accepted === undefined ? {} : { 'Accept-Language': accepted };
    const answer = await ask({ port: server.port, path, headers });
    assert.equal(answer.status, 200);
    assert.match(answer.text(), /<input id="code"/);
    assert.match(answer.text(), /<a href="\/#safety">\p{Lu}?\p{L}+<\/a>/u);
    return /<html lang="(.*?)">/.exec(answer.text())?.[1];
  };
  assert.equal(await languageOf('/appeal'), 'en');
  assert.equal(await languageOf('/appeal', 'fr-CA, en;q=0.5'), 'fr');
  assert.equal(await languageOf('/appeal?language=fr', 'en'), 'fr');
  assert.equal(await languageOf('/appeal?language=constructor', 'fr'), 'fr');
  assert.equal(await languageOf('/appeal', 'ar-EG, en;q=0.5'), 'ar" dir="rtl');
  const put = await ask({ method: 'PUT', port: server.port, path: '/appeal' });
  assert.deepEqual([put.status, put.headers.allow], [405, 'GET, HEAD, POST']);
});

test('[MO-53] gives all invalid decision codes the same answer and rate-limits them', async (t) => {
  const { server, store } = await moderated(t);
  const dismissed = await decide(store, 'dismiss');
  const from = '127.0.3.1';
  const codes = [
    await codeOf(server, dismissed),
    dismissed,
    'a-code-of-no-decision1',
    '<script>',
    '../../etc/passwd',
    '\u0000',
  ];
  const answers = await Promise.all(codes.map((code) => post(server, { code }, { from })));
  const [first] = answers;
  for (const answer of answers) {
    assert.equal(answer.status, 404);
    assert.equal(answer.text(), first?.text());
  }
  for (let n = codes.length; n < ROWS['appeal-codes'].networkMax; n++)
    assert.equal((await post(server, { code: 'wrong' }, { from })).status, 404);
  const tooMany = await post(server, { code: 'and-another' }, { from });
  assert.equal(tooMany.status, 429);
  assert.ok(Number(tooMany.headers['retry-after']) > 0);
  assert.match(tooMany.text(), /Wait 2 minutes/);
  assert.equal((await post(server, { code: 'wrong' }, { from: '127.0.4.1' })).status, 404);
});

test('[MO-50] returns the text of a rejected appeal to its author', async (t) => {
  const { server, code } = await suspended(t);
  const form = formIn(await post(server, { code }));
  const longest = 'é'.repeat(APPEAL_TEXT_UNITS_MAX);
  const faults = [
    ['   ', /Write what they should know/],
    [`${longest}é`, /longer than 1,000 characters/],
    ['one\u0007 <two>', /characters in it that can’t be shown/],
  ] as const;
  for (const [text, said] of faults) {
    const answer = await post(server, { form, text });
    assert.equal(answer.status, 422);
    assert.match(answer.text(), said);
    const [, kept = ''] = /<textarea[^>]*>\n([^<]*)<\/textarea>/.exec(answer.text()) ?? [];
    const shown = text.replace('\u0007', '').replace('<two>', '&lt;two&gt;');
    assert.equal(kept, shown);
  }
  const huge = await post(server, { form, text: 'x'.repeat(FORM_BYTES_MAX) });
  assert.equal(huge.status, 413);
  assert.equal((await post(server, { form, text: longest })).status, 200);
});

test('[MO-50] rejects forged, foreign and expired appeal forms but returns their text', async (t) => {
  const { server, store, mallory, decision, code } = await suspended(t);
  const form = formIn(await post(server, { code }));
  const [, atMs = '', tag = ''] = form.split('~');
  const ring = await readRing(store, await readKeys(server.dataDir));
  const early = new AppealForms(new NodeSigner(() => ring), {
    ...systemClock,
    wallMs: () => systemClock.wallMs() - FORM_LIFETIME_MS,
  });
  const forgeries = [
    '',
    'nonsense',
    `${decision}~${atMs}~${tag}x`,
    `${decision}~${Number(atMs) + 1}~${tag}`,
    `another-decision-of-all~${atMs}~${tag}`,
    `${form}~`,
    early.seal(decision),
  ];
  for (const forged of forgeries) {
    const answer = await post(server, { form: forged, text: 'Keep <these> words.' });
    assert.equal(answer.status, 403);
    assert.match(answer.text(), /Keep &lt;these&gt; words\./);
  }
  const foreign: readonly Readonly<Record<string, string>>[] = [
    { Origin: 'https://elsewhere.example' },
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
  ];
  for (const headers of foreign) {
    assert.equal((await post(server, { form, text: 'Not mine.' }, { headers })).status, 403);
  }
  const json = { headers: { 'Content-Type': 'application/json' } };
  assert.equal((await post(server, { form, text: 'Not a form.' }, json)).status, 400);
  const own = await store.run('subject.export', { subject: await subjectOf(server, mallory) });
  assert.deepEqual(own.appeals, []);
  const [only] = await store.run('decisions.own', {
    by: { decision },
    nowMs: nowMs(),
  });
  assert.equal(only?.mayAppeal, true);
});

test("draws the appeal page in the main page's colours", async () => {
  const path = join(import.meta.dirname, '../../../packages/ui/src/styles/tokens.css');
  const tokens = await readFile(path, 'utf8');
  const colours = APPEAL_STYLE.match(/--[a-z-]+: [^;]+;/g) ?? [];
  assert.ok(colours.length > 10);
  for (const colour of colours) assert.ok(tokens.includes(colour), colour);
});

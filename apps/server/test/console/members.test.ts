import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MemberId } from '@farandole/accounts/ids';
import { FRESH_SIGN_IN_MS } from '@farandole/accounts/limits';
import { brandId } from '@farandole/kernel/id';
import type { ApprovalId, DecisionId } from '@farandole/moderation/ids';
import { MemberBrowser, ORIGIN, SignInSite } from '../support/sign-in-site.ts';
import { SoftPasskey } from '../support/soft-passkey.ts';

interface Listed {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly canSignIn: boolean;
  readonly proposed: readonly string[] | null;
}

async function members(admin: MemberBrowser): Promise<readonly Listed[]> {
  const { status, body } = await admin.get('/members');
  assert.equal(status, 200);
  return body['members'] as readonly Listed[];
}

test('[MO-101, MO-107] requires a second person to give an invited member roles', async () => {
  const site = new SignInSite();
  const admin = await site.signedIn('Ana', 'admin');
  const second = await site.hire('Ben', 'admin');
  assert.equal((await admin.post('/members/add', { name: ' ana' })).error, 'name-taken');
  assert.equal((await admin.post('/members/add', { name: 'a\nb' })).error, 'wrong-name');
  assert.equal((await admin.post('/members/add', { name: 'Cleo' })).status, 200);
  const cleo = (await members(admin)).find(({ name }) => name === 'Cleo');
  assert.deepEqual([cleo?.roles, cleo?.canSignIn], [[], false]);
  const { id = '' } = cleo ?? {};

  const given = await admin.post('/members/link', { member: id });
  const [page = '', token = ''] = String(given.body['link']).split('#link=');
  assert.equal(page, `${ORIGIN}/console`);
  const browser = new MemberBrowser(site);
  assert.equal((await browser.comeIn(token)).status, 200);
  assert.equal((await admin.post('/members/link', { member: id })).error, 'not-allowed');
  assert.equal((await admin.post('/members/link', { member: second })).error, 'not-allowed');

  const roles = ['moderator', 'senior'];
  const wrong = await admin.post('/members/propose-roles', { member: id, roles: ['owner'] });
  assert.equal(wrong.error, 'bad-request');
  assert.equal((await admin.post('/members/propose-roles', { member: id, roles })).status, 200);
  assert.deepEqual((await members(admin)).find((one) => one.id === id)?.proposed, roles);
  assert.deepEqual((await browser.whose())?.roles, []);
  const own = (await members(admin)).find(({ name }) => name === 'Ana')?.id ?? '';
  const rows = await site.store.run('audit.read', { by: null, after: 0 });
  assert.ok(rows.ok);
  const approval = brandId<ApprovalId>(String(rows.value.at(-1)?.details?.['approval']));
  const answer = async (by: string) =>
    await site.store.run('approval.answer', {
      approval,
      by: brandId<MemberId>(by),
      answer: 'approved',
      freshDecision: brandId<DecisionId>('decision'),
      nowMs: site.clock.wallMs(),
    });
  assert.deepEqual(await answer(own), { ok: false, reason: 'same-person' });
  assert.deepEqual(await answer(id), { ok: false, reason: 'not-allowed' });
  assert.equal((await answer(second)).ok, true);
  assert.deepEqual((await browser.whose())?.roles, roles);
});

test("[MO-100] ends a member's session when an admin signs the member out", async () => {
  const site = new SignInSite();
  const admin = await site.signedIn('Ana', 'admin');
  const browser = await site.signedIn('Ben', 'moderator');
  // One admin can't remove the last member of a role.
  await site.signedIn('Cleo', 'moderator');
  const member = 'member-Ben';
  assert.equal((await admin.post('/members/sign-out', { member })).status, 200);
  assert.equal((await browser.get('/security')).status, 401);
  assert.equal((await browser.signIn()).status, 200);
  assert.equal((await admin.post('/members/disable', { member })).status, 200);
  assert.equal((await browser.get('/security')).status, 401);
  assert.equal((await browser.signIn()).error, 'sign-in-failed');
  assert.equal((await admin.post('/members/disable', { member })).error, 'not-found');
});

test('[MO-105] lets a member change sign-in methods after a recent sign-in', async () => {
  const site = new SignInSite();
  const browser = await site.signedIn('Ada', 'moderator');
  const elsewhere = new MemberBrowser(site, '203.0.113.5');
  const { body: asked } = await elsewhere.post('/sign-in/passkey-options');
  const credential = browser.passkey.get(asked);
  assert.equal((await elsewhere.post('/sign-in/passkey', { credential })).status, 200);
  const { body } = await browser.get('/security');
  const sessions = body['sessions'] as readonly { id: string; isThis: boolean }[];
  assert.equal(sessions.length, 2);
  assert.equal(sessions.filter(({ isThis }) => isThis).length, 1);
  const [first] = body['passkeys'] as readonly { id: string; label: string }[];
  assert.equal(first?.label, 'A key');
  const other = sessions.find(({ isThis }) => !isThis);
  assert.equal((await browser.post('/security/end-session', { session: other?.id })).status, 200);
  assert.equal((await elsewhere.get('/security')).status, 401);
  assert.equal((await browser.post('/security/end-session', { session: 'x' })).error, 'not-found');

  const another = new SoftPasskey(ORIGIN);
  const add = async () => {
    const { body: options } = await browser.post('/security/passkey-options');
    const label = 'Another';
    return await browser.post('/security/passkey', { label, credential: another.create(options) });
  };
  const passkey = first?.id;
  const last = await browser.post('/security/remove-passkey', { passkey });
  assert.equal(last.error, 'last-way-in');
  const foreign = { label: 'x', credential: another.create({ challenge: 'x', rp: { id: 'x' } }) };
  assert.equal((await browser.post('/security/passkey', foreign)).error, 'ceremony-over');
  site.clock.advance(FRESH_SIGN_IN_MS);
  assert.equal((await add()).error, 'not-fresh');
  assert.equal((await browser.post('/security/recovery-codes')).error, 'not-fresh');
  assert.equal((await browser.signIn()).status, 200);
  assert.equal((await add()).status, 200);
  assert.equal((await add()).error, 'already-there');
  assert.equal((await browser.post('/security/recovery-codes')).error, 'not-found', 'no password');
  assert.equal((await browser.post('/security/remove-passkey', { passkey })).status, 200);
  assert.equal((await browser.signIn()).error, 'sign-in-failed');
});

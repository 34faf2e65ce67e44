import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type {
  ChallengeId,
  ConsoleSessionId,
  MemberId,
  PasskeyId,
  SignInLinkId,
  TriedName,
} from '@farandole/accounts/ids';
import {
  ATTEMPT_WAIT_MS_MAX,
  ATTEMPTS_FREE,
  ATTEMPTS_KEPT_MS,
  FRESH_SIGN_IN_MS,
  PASSKEY_LABEL_UNITS_MAX,
  PASSKEYS_MAX,
  SESSION_IDLE_MS,
  SESSION_MS_MAX,
  SESSIONS_MAX,
  SIGN_IN_LINK_MS,
} from '@farandole/accounts/limits';
import type { NewPasskey } from '@farandole/accounts/passkeys';
import type { NewPassword, SecondFactor } from '@farandole/accounts/passwords';
import { waitAfter } from '@farandole/accounts/sign-in';
import type { Credential } from '@farandole/accounts/sign-in-links';
import { brandId } from '@farandole/kernel/id';
import type { ApprovalId } from '@farandole/moderation/ids';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { atDeskOf } from './support/at-desk.ts';
import { type Desk, given, member } from './support/desk.ts';

const link = (name: string): SignInLinkId => brandId<SignInLinkId>(`link-${name}`);
const sessionId = (name: string): ConsoleSessionId => brandId<ConsoleSessionId>(`session-${name}`);

function passkey(name: string, counter = 0): NewPasskey {
  const id = brandId<PasskeyId>(`passkey-${name}`);
  return { id, publicKey: 'a-key', counter, transports: ['internal'], label: name };
}

const PASSWORD: NewPassword = {
  hash: 'hash-of-a-password',
  secret: 'SECRET',
  step: 100,
  recoveryCodes: ['code-one', 'code-two'],
};

async function giveLink(desk: Desk, name: string, of: 'owner' | MemberId, by?: MemberId) {
  return await desk.run('link.give', { link: link(name), of, by: by ?? null });
}

async function useLink(desk: Desk, name: string, credential?: Credential, called = 'Ada') {
  return await desk.run('link.use', {
    link: link(name),
    name: called,
    freshMember: member('fresh'),
    credential: credential ?? { by: 'passkey', passkey: passkey(name) },
    session: sessionId(name),
    replaces: null,
  });
}

async function withPassword(desk: Desk, name: string): Promise<MemberId> {
  const id = await desk.hire(name, 'moderator');
  given(await giveLink(desk, name, id));
  return given(await useLink(desk, name, { by: 'password', password: PASSWORD }));
}

async function signInByPasskey(desk: Desk, name: string, counter: number, challenge: string) {
  return await desk.run('passkey.sign-in', {
    passkey: passkey(name).id,
    challenge: brandId<ChallengeId>(challenge),
    counter,
    session: sessionId(`by-${challenge}`),
    replaces: sessionId(name),
  });
}

async function whose(desk: Desk, name: string, isActivity = true): Promise<string | null> {
  const input = { session: sessionId(name), isActivity, nowMs: desk.nowMs };
  return (await desk.store.run('session.read', input))?.member.name ?? null;
}

async function attempt(desk: Desk, name: string) {
  const tried = brandId<TriedName>(`digest of ${name}`);
  return await desk.run('password.try', { name, tried });
}

async function signInByPassword(
  desk: Desk,
  id: MemberId,
  second: SecondFactor,
  hash?: string,
  newHash?: string,
) {
  return await desk.run('password.sign-in', {
    member: id,
    tried: brandId<TriedName>('digest of Ada'),
    hash: hash ?? PASSWORD.hash,
    newHash: newHash ?? null,
    second,
    session: sessionId(desk.fresh('by-password')),
    replaces: null,
  });
}

export function signInContract(adapter: string, open: () => Promise<ModerationStore>): void {
  const it = atDeskOf(open);

  describe(`members sign in and manage their credentials: ${adapter}`, () => {
    it('[MO-101] creates the first member only once', async (desk) => {
      given(await giveLink(desk, 'first', 'owner'));
      given(await giveLink(desk, 'second', 'owner'));
      assert.equal((await useLink(desk, 'first')).ok, false);
      for (const wrong of ['', ' ', 'a\u0007b', 'x'.repeat(81)]) {
        const refusal = await useLink(desk, 'second', undefined, wrong);
        assert.deepEqual(refusal, { ok: false, reason: 'wrong-name' });
      }
      const owner = given(await useLink(desk, 'second'));
      assert.equal(await whose(desk, 'second'), 'Ada');
      const [first] = await desk.store.run('member.list', null);
      assert.deepEqual([first?.id, first?.roles], [owner, ['admin', 'senior', 'child-safety']]);
      const again = await useLink(desk, 'second', undefined, 'Bob');
      assert.deepEqual(again, { ok: false, reason: 'unknown' });
      assert.deepEqual(await giveLink(desk, 'third', 'owner'), { ok: false, reason: 'not-now' });
    });

    it('[MO-101] records that the operator created a sign-in link', async (desk) => {
      given(await giveLink(desk, 'first', 'owner'));
      const rows = (await desk.audit()).filter(({ action }) => action === 'link.give');
      assert.deepEqual(
        rows.map(({ by, about }) => ({ by, about })),
        [{ by: 'operator', about: 'owner' }],
      );
    });

    it('[MO-101] sign-in links expire; the first member’s link expires once a member exists', async (desk) => {
      given(await giveLink(desk, 'late', 'owner'));
      desk.nowMs += SIGN_IN_LINK_MS;
      assert.deepEqual(await useLink(desk, 'late'), { ok: false, reason: 'unknown' });
      desk.nowMs -= 1;
      const read = { link: link('late'), nowMs: desk.nowMs };
      assert.deepEqual(await desk.store.run('link.read', read), { ok: true, value: null });
      await desk.hire('Ben', 'moderator');
      assert.deepEqual(await useLink(desk, 'late'), { ok: false, reason: 'unknown' });
    });

    it('[MO-101] only the command line creates links for members with roles or credentials', async (desk) => {
      const admin = await desk.hire('Ana', 'admin');
      const ben = await desk.hire('Ben', 'moderator');
      const add = { name: 'Cleo', roles: [], by: admin, nowMs: desk.nowMs };
      const cleo = given(await desk.store.run('member.add', { ...add, id: member('cleo') })).id;
      const refusal = { ok: false, reason: 'not-allowed' };
      assert.deepEqual(await giveLink(desk, 'ben', ben, admin), refusal);
      assert.deepEqual(await giveLink(desk, 'cleo', cleo, ben), refusal);
      assert.deepEqual(await giveLink(desk, 'owner', 'owner', admin), refusal);
      given(await giveLink(desk, 'cleo', cleo, admin));
      // A role that the member gets before the link is used makes the link invalid.
      const approval = brandId<ApprovalId>('approval-of-cleo');
      const proposal = { member: cleo, roles: ['senior'], freshApproval: approval } as const;
      const { nowMs } = desk;
      given(await desk.store.run('roles.propose', { ...proposal, by: admin, nowMs }));
      const second = await desk.hire('Dan', 'admin');
      given(await desk.answerProposal(approval, second, 'approved'));
      assert.deepEqual(await useLink(desk, 'cleo'), { ok: false, reason: 'unknown' });
      given(await giveLink(desk, 'cleo', cleo));
      assert.equal(given(await useLink(desk, 'cleo')), cleo);
    });

    it('[MO-100] ends a member’s session when idle, after a shift or on request', async (desk) => {
      const id = await withPassword(desk, 'Ada');
      desk.nowMs += SESSION_IDLE_MS - 1;
      assert.equal(await whose(desk, 'Ada', false), 'Ada');
      desk.nowMs += 1;
      assert.equal(await whose(desk, 'Ada'), null, 'what a page does by itself is no activity');
      desk.nowMs -= 1;
      const startMs = desk.nowMs - SESSION_IDLE_MS + 1;
      while (desk.nowMs < startMs + SESSION_MS_MAX - 1) {
        assert.equal(await whose(desk, 'Ada'), 'Ada');
        desk.nowMs = Math.min(desk.nowMs + SESSION_IDLE_MS - 1, startMs + SESSION_MS_MAX - 1);
      }
      assert.equal(await whose(desk, 'Ada'), 'Ada');
      desk.nowMs += 1;
      assert.equal(await whose(desk, 'Ada'), null);
      desk.nowMs -= 1;
      const end = { session: sessionId('Ada'), nowMs: desk.nowMs };
      const others = await desk.store.run('session.end', { ...end, by: member('other') });
      assert.deepEqual(others, { ok: false, reason: 'unknown' });
      given(await desk.store.run('session.end', { ...end, by: id }));
      assert.equal(await whose(desk, 'Ada'), null);
    });

    it('[MO-100, MO-102] sign-in ends the browser’s previous session and the oldest above the limit', async (desk) => {
      const id = await desk.hire('Ada', 'moderator');
      given(await giveLink(desk, 'Ada', id));
      given(await useLink(desk, 'Ada'));
      given(await signInByPasskey(desk, 'Ada', 1, 'again'));
      assert.equal(await whose(desk, 'Ada'), null);
      assert.equal(await whose(desk, 'by-again'), 'Ada');
      for (let n = 0; n < SESSIONS_MAX; n += 1) {
        desk.nowMs += 1;
        given(await signInByPasskey(desk, 'Ada', 2 + n, `n${n}`));
      }
      assert.equal(await whose(desk, 'by-again'), null);
      assert.equal(await whose(desk, 'by-n0'), 'Ada');
      assert.equal((await desk.run('sign-in.read', { member: id })).sessions.length, SESSIONS_MAX);
    });

    it('[MO-100] signs a removed member out and deletes their credentials', async (desk) => {
      const id = await withPassword(desk, 'Ada');
      const admin = await desk.hire('Ana', 'admin');
      const session = sessionId('Ada');
      await desk.do('passkey.add', { session, passkey: passkey('Ada') });
      const out = { member: id, nowMs: desk.nowMs };
      const notAllowed = await desk.store.run('member.sign-out', { ...out, by: id });
      assert.deepEqual(notAllowed, { ok: false, reason: 'not-allowed' });
      given(await desk.store.run('member.sign-out', { ...out, by: admin }));
      assert.equal(await whose(desk, 'Ada'), null);
      given(await signInByPasskey(desk, 'Ada', 0, 'again'));
      await desk.hire('Ben', 'moderator');
      await desk.do('member.remove', { id, by: admin });
      assert.equal(await whose(desk, 'by-again'), null);
      assert.equal((await signInByPasskey(desk, 'Ada', 0, 'more')).ok, false);
      assert.deepEqual(given(await attempt(desk, 'Ada')), { login: null, secret: null });
      const own = await desk.run('sign-in.read', { member: id });
      assert.deepEqual(own, { passkeys: [], sessions: [], recoveryCodesLeft: null });
    });

    it('[MO-108] an admin alone can’t disable the last holder of a role', async (desk) => {
      const admin = await desk.hire('Ana', 'admin');
      const sue = await desk.hire('Sue', 'moderator', 'child-safety');
      await desk.hire('Ben', 'moderator');
      const disable = async (id: MemberId) => await desk.run('member.remove', { id, by: admin });
      const lastHolder = { ok: false, reason: 'last-holder' };
      assert.deepEqual([await disable(sue), await disable(admin)], [lastHolder, lastHolder]);
      const zoe = await desk.hire('Zoe', 'child-safety');
      given(await disable(sue));
      assert.deepEqual(await disable(zoe), lastHolder);
      // The command line may create this link, because it can read every file anyway.
      given(await desk.run('member.remove', { id: zoe, by: null }));
    });

    it('[MO-102] accepts a passkey challenge once and rejects a stale counter', async (desk) => {
      const id = await desk.hire('Ada', 'moderator');
      given(await giveLink(desk, 'Ada', id));
      given(await useLink(desk, 'Ada'));
      given(await signInByPasskey(desk, 'Ada', 0, 'one'));
      const again = await signInByPasskey(desk, 'Ada', 0, 'one');
      assert.deepEqual(again, { ok: false, reason: 'answered' });
      given(await signInByPasskey(desk, 'Ada', 7, 'two'));
      for (const [at, counter] of [7, 6, 0].entries()) {
        const cloned = await signInByPasskey(desk, 'Ada', counter, `cloned-${at}`);
        assert.deepEqual(cloned, { ok: false, reason: 'cloned' });
      }
      given(await signInByPasskey(desk, 'Ada', 8, 'three'));
      const unknown = await signInByPasskey(desk, 'Ben', 1, 'four');
      assert.deepEqual(unknown, { ok: false, reason: 'unknown' });
    });

    it('[MO-103] doubles the sign-in delay after free attempts, even for unknown names', async (desk) => {
      await withPassword(desk, 'Ada');
      const waitsS: number[] = [];
      for (let n = 0; n < ATTEMPTS_FREE + 12; n += 1) {
        const waitMs = waitAfter(n);
        if (waitMs > 0) {
          waitsS.push(waitMs / 1_000);
          desk.nowMs += waitMs - 1;
          for (const name of ['ADA ', 'Nobody']) {
            assert.deepEqual(await attempt(desk, name), { ok: false, reason: 'wait' });
          }
          desk.nowMs += 1;
        }
        assert.equal(given(await attempt(desk, 'ADA ')).login?.hash, PASSWORD.hash);
        assert.equal(given(await attempt(desk, 'Nobody')).login, null);
      }
      assert.deepEqual(waitsS, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
      assert.equal(waitAfter(10_000), ATTEMPT_WAIT_MS_MAX);
    });

    it('[MO-103] counts each concurrent sign-in attempt; a success resets the count', async (desk) => {
      const id = await withPassword(desk, 'Ada');
      const all = await Promise.all(Array.from({ length: 50 }, () => attempt(desk, 'Ada')));
      assert.equal(all.filter(({ ok }) => ok).length, ATTEMPTS_FREE);
      desk.nowMs += 1_000;
      const { login, secret } = given(await attempt(desk, 'Ada'));
      assert.deepEqual([login?.id, secret], [id, PASSWORD.secret]);
      given(await signInByPassword(desk, id, { by: 'code', step: 101 }));
      for (let n = 0; n < ATTEMPTS_FREE; n += 1) given(await attempt(desk, 'Ada'));
      assert.deepEqual(await attempt(desk, 'Ada'), { ok: false, reason: 'wait' });
    });

    it('[MO-104] accepts each TOTP code and each recovery code once', async (desk) => {
      const id = await withPassword(desk, 'Ada');
      const used = { ok: false, reason: 'used' };
      for (const step of [100, 99]) {
        assert.deepEqual(await signInByPassword(desk, id, { by: 'code', step }), used);
      }
      given(await signInByPassword(desk, id, { by: 'code', step: 101 }));
      assert.deepEqual(await signInByPassword(desk, id, { by: 'code', step: 101 }), used);
      const recovery = { by: 'recovery-code', digest: 'code-one' } as const;
      given(await signInByPassword(desk, id, recovery));
      assert.deepEqual(await signInByPassword(desk, id, recovery), used);
      const changed = await signInByPassword(desk, id, { by: 'code', step: 103 }, 'old-hash');
      assert.deepEqual(changed, { ok: false, reason: 'unknown' });
      const own = await desk.run('sign-in.read', { member: id });
      assert.equal(own.recoveryCodesLeft, 1);
      const code = { by: 'code', step: 104 } as const;
      given(await signInByPassword(desk, id, code, PASSWORD.hash, 'a newer hash'));
      assert.equal(given(await attempt(desk, 'Ada')).login?.hash, 'a newer hash');
    });

    it('[MO-105] a new password ends the member’s other sessions', async (desk) => {
      const id = await withPassword(desk, 'Ada');
      const { nowMs } = desk;
      const session = sessionId('Ada');
      given(await desk.store.run('passkey.add', { session, passkey: passkey('Ada'), nowMs }));
      const other = { passkey: passkey('Ada').id, challenge: brandId<ChallengeId>('other') };
      const elsewhere = { ...other, counter: 0, session: sessionId('elsewhere'), replaces: null };
      given(await desk.store.run('passkey.sign-in', { ...elsewhere, nowMs }));
      assert.equal(await whose(desk, 'elsewhere'), 'Ada');
      given(await desk.store.run('password.set', { session, password: PASSWORD, nowMs }));
      assert.deepEqual([await whose(desk, 'elsewhere'), await whose(desk, 'Ada')], [null, 'Ada']);
      const rows = given(await desk.store.run('audit.read', { by: null, after: 0 }));
      const ended = rows.find(({ action, about }) => action === 'session.end' && about === id);
      assert.deepEqual(ended?.details, { sessions: 1 });
    });

    it('[MO-105] changing credentials requires a recent sign-in', async (desk) => {
      await withPassword(desk, 'Ada');
      const changes = (nowMs: number) => {
        const session = sessionId('Ada');
        const { store } = desk;
        return [
          store.run('passkey.add', { session, passkey: passkey('Ada'), nowMs }),
          store.run('passkey.remove', { session, passkey: passkey('Ada').id, nowMs }),
          store.run('password.set', { session, password: PASSWORD, nowMs }),
          store.run('recovery-codes.renew', { session, digests: ['other'], nowMs }),
        ];
      };
      const { nowMs } = desk;
      for (const refusal of await Promise.all(changes(nowMs + FRESH_SIGN_IN_MS))) {
        assert.deepEqual(refusal, { ok: false, reason: 'not-fresh' });
      }
      for (const refusal of await Promise.all(changes(nowMs + SESSION_MS_MAX))) {
        assert.deepEqual(refusal, { ok: false, reason: 'not-signed-in' });
      }
      for (const done of await Promise.all(changes(nowMs + FRESH_SIGN_IN_MS - 1)))
        assert.ok(done.ok);
    });

    it('[MO-105] limits passkeys, requires unique names, keeps the last credential', async (desk) => {
      const id = await desk.hire('Ada', 'moderator');
      given(await giveLink(desk, 'Ada', id));
      given(await useLink(desk, 'Ada'));
      const { nowMs, store } = desk;
      const session = sessionId('Ada');
      const add = (of: NewPasskey) => store.run('passkey.add', { session, passkey: of, nowMs });
      const remove = (name: string) =>
        store.run('passkey.remove', { session, passkey: passkey(name).id, nowMs });
      assert.deepEqual(await remove('Ada'), { ok: false, reason: 'last-way-in' });
      assert.deepEqual(await add(passkey('Ada')), { ok: false, reason: 'already-there' });
      const long = 'x'.repeat(PASSKEY_LABEL_UNITS_MAX);
      for (const label of [' ', 'a\u0000b', `${long}x`]) {
        const refusal = await add({ ...passkey('odd'), label });
        assert.deepEqual(refusal, { ok: false, reason: 'wrong-label' });
      }
      given(await add({ ...passkey('long'), label: long }));
      for (let n = 2; n < PASSKEYS_MAX; n += 1) given(await add(passkey(`n${n}`)));
      assert.deepEqual(await add(passkey('more')), { ok: false, reason: 'too-many' });
      given(await remove('Ada'));
      assert.deepEqual(await remove('Ada'), { ok: false, reason: 'unknown' });
    });

    it('[MO-106] deletes sign-in data when it expires', async (desk) => {
      const id = await desk.hire('Ada', 'moderator');
      given(await giveLink(desk, 'Ada', id));
      given(await useLink(desk, 'Ada'));
      given(await signInByPasskey(desk, 'Ada', 0, 'one'));
      given(await giveLink(desk, 'more', id));
      await attempt(desk, 'Nobody');
      const pass = async () => (await desk.run('time.pass', {})).signInsLapsed;
      assert.equal(await pass(), 0);
      desk.nowMs += Math.max(SIGN_IN_LINK_MS, ATTEMPTS_KEPT_MS, SESSION_MS_MAX);
      assert.equal(await pass(), 1);
      assert.equal(await pass(), 0);
      assert.ok((await signInByPasskey(desk, 'Ada', 0, 'one')).ok, 'forgotten, and long over');
    });

    it('[MO-107] ignores case and width of member names; refuses changing own roles', async (desk) => {
      const ana = await desk.hire('Ana', 'admin');
      const ben = await desk.hire('Ben', 'senior');
      const add = { id: member('other'), roles: [], by: null, nowMs: desk.nowMs };
      for (const name of ['ana', ' ANA ', 'Ａna']) {
        const refusal = await desk.store.run('member.add', { ...add, name });
        assert.deepEqual(refusal, { ok: false, reason: 'name-taken' });
      }
      const approval = brandId<ApprovalId>('approval-of-ben');
      const proposal = { member: ben, roles: ['senior', 'admin'], by: ana } as const;
      await desk.do('roles.propose', { ...proposal, freshApproval: approval });
      const same = { ok: false, reason: 'same-person' };
      assert.deepEqual(await desk.answerProposal(approval, ben, 'approved'), same);
      assert.deepEqual(await desk.answerProposal(approval, ana, 'approved'), same);
    });
  });
}

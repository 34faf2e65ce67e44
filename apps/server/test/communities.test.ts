import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { openCommunityPass } from '@farandole/gateway/community-door';
import { sealSessionReceipt } from '@farandole/gateway/receipts';
import { brandId, type DeviceKeyId } from '@farandole/kernel/id';
import type { ShownCommunity } from '@farandole/moderation/settings/communities';
import type { CommunityEntry, CommunityReply } from '@farandole/protocol/http-api';
import { CommunityMirror } from '../src/cache/community-mirror.ts';
import { HoursMirror } from '../src/cache/hours-mirror.ts';
import { CommunityDoor } from '../src/http/community-door.ts';
import { NodeSigner } from '../src/keys/signer.ts';
import { COMMUNITY_PASS_LIFETIME_MS } from '../src/limits.ts';
import { ConsoleDesk as Desk, errorOf } from './support/console-desk.ts';

const TEXT = { title: 'Night painters', language: 'en', rules: 'Be kind.' } as const;
const FROM = '192.0.2.7';
const GUESSES_MAX = 3;

class Door {
  readonly desk = new Desk();
  readonly signer: NodeSigner;
  readonly mirror = new CommunityMirror(this.desk.store);
  taken = 0;
  readonly #door: CommunityDoor;

  constructor() {
    const keys = { seal: randomBytes(32), tag: randomBytes(32) };
    const ring = { subject: randomBytes(32), generations: [{ id: 'one', fromWallMs: 0, ...keys }] };
    this.signer = new NodeSigner(() => ring);
    this.#door = new CommunityDoor({
      ...{ store: this.desk.store, signer: this.signer, communities: this.mirror },
      clock: { wallMs: () => this.desk.nowMs },
      hours: new HoursMirror(this.desk.store, this.mirror),
      codes: {
        take: () => (this.taken >= GUESSES_MAX ? 5_000 : ((this.taken += 1), 0)),
        release: () => void (this.taken -= 1),
      },
    });
  }

  /** Creates a community with codes that one browser each can use. */
  async open(codes: readonly string[], door: 'link' | 'code' | 'list' = 'code'): Promise<void> {
    await this.desk.hire('ada', 'admin');
    const by = brandId<never>('member-ada');
    const { store, nowMs } = this.desk;
    const name = 'painters';
    assert.ok((await store.run('community.create', { name, ...TEXT, door, by, nowMs })).ok);
    const made = codes.map((code) => ({ id: this.signer.communityCodeId(name, code), label: '' }));
    const given = { codes: made, usesMax: 1, expiresAtMs: nowMs + 60_000 };
    if (codes.length > 0) {
      assert.ok((await store.run('community.codes', { name, ...given, by, nowMs })).ok);
    }
    await this.mirror.read();
  }

  receipt(device = 'device-0001'): string {
    return sealSessionReceipt(this.signer, {
      session: brandId('session-0001'),
      subject: brandId('subject-0001'),
      device: brandId<DeviceKeyId>(device),
      issuedAtWallMs: this.desk.nowMs,
    });
  }

  async ask(body: object): Promise<Response> {
    const headers = { 'Content-Type': 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    return await this.#door.take(new Request('http://localhost/', init), FROM);
  }

  async enter(code: string, device?: string): Promise<CommunityEntry> {
    const asked = { do: 'enter', name: 'painters', code, receipt: this.receipt(device) };
    return (await (await this.ask(asked)).json()) as CommunityEntry;
  }
}

test('[PR-120] shows an open community, and null for a closed or unknown one', async () => {
  const door = new Door();
  await door.open([], 'link');
  const show = async (name: string) =>
    ((await (await door.ask({ do: 'show', name })).json()) as CommunityReply).community;
  assert.deepEqual(await show('painters'), {
    ...{ name: 'painters', ...TEXT, version: 1, needsCode: false, hours: null },
  });
  assert.equal(await show('polyglots'), null);
  const { store, nowMs } = door.desk;
  await store.run('community.close', { name: 'painters', by: brandId('member-ada'), nowMs });
  await door.mirror.read();
  assert.equal(await show('painters'), null);
  assert.equal(door.mirror.find('painters'), null);
});

test('[PR-120] refuses malformed requests', async () => {
  const door = new Door();
  for (const body of [
    {},
    { do: 'show' },
    { do: 'look', name: 'painters' },
    { do: 'show', name: 'painters', more: 1 },
    { do: 'show', name: 'painters', code: 'x' },
    { do: 'enter', name: 'painters', code: 'x' },
  ]) {
    assert.deepEqual(await errorOf(await door.ask(body)), [400, 'bad-request']);
  }
});

test('[PR-121] exchanges a code for a pass of the device key', async () => {
  const door = new Door();
  await door.open(['good']);
  const entered = await door.enter('good');
  assert.ok('pass' in entered);
  const { nowMs } = door.desk;
  assert.equal(entered.endsAtMs, nowMs + COMMUNITY_PASS_LIFETIME_MS);
  const pass = openCommunityPass(door.signer, entered.pass, entered.endsAtMs - 1);
  assert.deepEqual([pass?.community, pass?.device], ['painters', 'device-0001']);
  assert.equal(openCommunityPass(door.signer, entered.pass, entered.endsAtMs), null);
  assert.equal(door.mirror.find('painters')?.hasCode(pass?.code ?? ''), true);
  const old = { do: 'enter', name: 'painters', code: 'good', receipt: 'x'.repeat(20) };
  assert.deepEqual(await errorOf(await door.ask(old)), [403, 'bad-receipt']);
});

test('[PR-122] answers alike to wrong, used and expired codes', async () => {
  const door = new Door();
  await door.open(['good', 'late']);
  await door.enter('good');
  const wrong = { refused: 'wrong-code' };
  assert.deepEqual(await door.enter('guessed'), wrong);
  assert.deepEqual(await door.enter('good', 'device-0002'), wrong);
  door.desk.nowMs += 60_000;
  assert.deepEqual(await door.enter('late'), wrong);
  assert.deepEqual(await door.enter('x'.repeat(65)), wrong);
  assert.equal(door.taken, 3, 'only wrong codes of a plausible length use the budget up');
  const asked = { do: 'enter', name: 'painters', code: 'more', receipt: door.receipt() };
  assert.deepEqual(await errorOf(await door.ask(asked)), [429, 'too-many']);
});

test('[MO-162] the console shows new codes once, and stores only hashes', async () => {
  const desk = new Desk();
  await desk.hire('ada', 'admin');
  await desk.hire('ana', 'moderator');
  const create = { name: 'painters', ...TEXT, door: 'code' };
  assert.deepEqual(await errorOf(await desk.post('ana', 'communities', create)), [
    403,
    'not-allowed',
  ]);
  assert.deepEqual(await errorOf(await desk.post('ada', 'communities', { ...create, more: 1 })), [
    400,
    'bad-request',
  ]);
  assert.equal((await desk.post('ada', 'communities', create)).status, 200);
  const ask = { name: 'painters', labels: ['for Olga'], usesMax: 2, days: 7 };
  const made = await (await desk.post('ada', 'communities/codes', ask)).json();
  const [{ code = '', label = '' } = {}] = made as { code?: string; label?: string }[];
  assert.equal(label, 'for Olga');
  const listed = (await (await desk.get('ada', 'communities')).json()) as ShownCommunity[];
  assert.deepEqual(
    listed[0]?.codes?.map(({ id, usesMax }) => [id, usesMax]),
    [[`painters-${code}`, 2]],
  );
  const seen = (await (await desk.get('ana', 'communities')).json()) as ShownCommunity[];
  assert.equal(seen[0]?.codes, null);
  const revoke = { name: 'painters', code: listed[0]?.codes?.[0]?.id };
  assert.equal((await desk.post('ada', 'communities/revoke', revoke)).status, 200);
  const change = { ...create, before: 1, title: 'Painters' };
  assert.equal((await desk.post('ada', 'communities/change', change)).status, 200);
  assert.equal((await desk.post('ada', 'communities/close', { name: 'painters' })).status, 200);
  assert.equal(desk.decided, 5, 'each change reaches the other nodes');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ok, type Result, refused } from '@farandole/kernel/result';
import type { CommunityFacts } from '@farandole/protocol/http-api';
import { signal } from '@preact/signals';
import type { WishFault } from '../src/call/wish-fault.ts';
import {
  COMMUNITIES_KEY,
  COMMUNITIES_REMEMBERED_MAX,
  CommunityMemory,
} from '../src/community/community-memory.ts';
import { type CommunityFault, CommunityModel } from '../src/community/community-model.ts';

const FACTS: CommunityFacts = {
  ...{ name: 'painters', title: 'Night painters', language: 'en', rules: 'Be kind.' },
  ...{ version: 1, needsCode: true },
};
const PASS = { pass: 'a-pass', endsAtMs: 1_000 };

/** A server with one community, and a browser that remembers. */
class Door {
  facts: Result<CommunityFacts, CommunityFault> = ok(FACTS);
  entry: Result<typeof PASS, CommunityFault> = ok(PASS);
  readonly entered: string[] = [];
  readonly isOnline = signal(true);
  readonly wishFault = signal<WishFault | null>(null);
  readonly stored = new Map<string, string>();
  nowMs = 0;

  async open(code: string | null = null): Promise<CommunityModel> {
    const model = new CommunityModel(
      {
        name: 'painters',
        show: async () => this.facts,
        enter: async ({ code: used }) => {
          this.entered.push(used);
          return this.entry;
        },
        receipt: () => (this.isOnline.peek() ? 'a-receipt' : null),
        isOnline: this.isOnline,
        wishFault: this.wishFault,
        store: this.store,
        wallMs: () => this.nowMs,
      },
      code,
    );
    await model.show();
    return model;
  }

  readonly store = {
    read: (key: string) => this.stored.get(key) ?? null,
    write: (key: string, value: string) => void this.stored.set(key, value),
    remove: (key: string) => void this.stored.delete(key),
  };
}

function doorOf(model: CommunityModel): string {
  const view = model.view.value;
  return view.state === 'here' ? view.door : view.state;
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('searches in an open community without a code', async () => {
  const door = new Door();
  door.facts = ok({ ...FACTS, needsCode: false });
  const model = await door.open();
  assert.equal(doorOf(model), 'open');
  assert.deepEqual(model.wish, { name: 'painters', version: 1 });
});

test('exchanges a code for a pass, and keeps the pass over a reload', async () => {
  const door = new Door();
  assert.equal(doorOf(await door.open()), 'needs-code');
  const model = await door.open('the-code');
  assert.deepEqual(model.wish, { name: 'painters', version: 1, pass: 'a-pass' });
  const reloaded = await door.open();
  assert.equal(doorOf(reloaded), 'open');
  assert.deepEqual(door.entered, ['the-code']);
  door.nowMs = PASS.endsAtMs;
  await door.open();
  assert.deepEqual(door.entered, ['the-code', 'the-code'], 'renews an expired pass');
});

test('enters as soon as a session opens', async () => {
  const door = new Door();
  door.isOnline.value = false;
  const model = await door.open('the-code');
  assert.equal(doorOf(model), 'checking');
  assert.equal(model.wish, undefined);
  door.isOnline.value = true;
  await settled();
  assert.equal(doorOf(model), 'open');
});

test('says why a code does not let the user in', async () => {
  const door = new Door();
  for (const reason of ['wrong-code', 'too-many', 'unreachable'] as const) {
    door.entry = refused(reason);
    const model = await door.open('the-code');
    assert.equal(doorOf(model), reason);
    assert.equal(model.wish, undefined);
  }
  door.entry = refused('gone');
  assert.equal(doorOf(await door.open('the-code')), 'gone');
});

test('tells a closed community from one out of reach', async () => {
  const door = new Door();
  door.facts = refused('gone');
  assert.equal(doorOf(await door.open()), 'gone');
  door.facts = refused('unreachable');
  const model = await door.open();
  assert.equal(doorOf(model), 'unreachable');
  door.facts = ok({ ...FACTS, needsCode: false });
  await model.show();
  assert.equal(doorOf(model), 'open');
});

test('asks again for changed rules', async () => {
  const door = new Door();
  door.facts = ok({ ...FACTS, needsCode: false });
  const model = await door.open();
  assert.deepEqual([model.isNew, model.isChanged], [true, false]);
  model.accept();
  assert.deepEqual([model.isNew, model.isChanged], [false, false]);
  door.facts = ok({ ...FACTS, needsCode: false, version: 2 });
  door.wishFault.value = 'community-changed';
  await settled();
  assert.deepEqual([model.isNew, model.isChanged], [true, true]);
  assert.equal(model.wish?.version, 2);
});

test('drops a refused pass, and shows a community that was closed during a search', async () => {
  const door = new Door();
  const model = await door.open('the-code');
  door.entry = refused('wrong-code');
  door.wishFault.value = 'community-pass';
  await settled();
  assert.equal(doorOf(model), 'wrong-code');
  door.facts = refused('gone');
  door.wishFault.value = 'community-closed';
  await settled();
  assert.equal(doorOf(model), 'gone');
});

test('remembers the newest communities, and works without a storage', () => {
  const door = new Door();
  for (let at = 0; at <= COMMUNITIES_REMEMBERED_MAX; at += 1) {
    new CommunityMemory(door.store, `community-${at}`).set({ agreedTo: 1 });
  }
  const all = JSON.parse(door.stored.get(COMMUNITIES_KEY) ?? '') as Record<string, unknown>;
  assert.equal(Object.keys(all).length, COMMUNITIES_REMEMBERED_MAX);
  assert.equal(all['community-0'], undefined);
  door.stored.set(COMMUNITIES_KEY, 'no JSON');
  assert.deepEqual(new CommunityMemory(door.store, 'community-1').value, {});
  const blocked = (): never => {
    throw new Error('blocked');
  };
  const memory = new CommunityMemory({ read: blocked, write: blocked, remove: blocked }, 'x');
  memory.set({ agreedTo: 3 });
  assert.equal(memory.value.agreedTo, 3);
});

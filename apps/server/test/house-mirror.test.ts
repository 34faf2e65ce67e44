import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MemberId } from '@farandole/accounts/ids';
import { brandId } from '@farandole/kernel/id';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { reportFrom } from '@farandole/storage/test/desk';
import { memoryStore } from '@farandole/storage/test/memory-store';
import { HouseMirror } from '../src/cache/house-mirror.ts';
import { PUBLIC_NUMBERS_READ_EVERY_MS } from '../src/limits.ts';

const NOTHING = { halfWithinHours: null, overturnedPercent: null };

test('[MO-94, MO-95, MO-96] serves house rules, public figures and number of unopenable cases', async () => {
  const store = memoryStore();
  const asked: string[] = [];
  const watched: Pick<ModerationStore, 'run'> = {
    run: (name, input) => {
      asked.push(name);
      return store.run(name, input);
    },
  };
  const by = brandId<MemberId>('member-ana');
  const nowMs = 1_800_000_000_000;
  await store.run('member.add', { id: by, name: 'Ana', roles: ['admin'], by: null, nowMs });
  const put = async (en: string, fr: string, before: number) =>
    (await store.run('house-rules.put', { texts: { en, fr }, before, by, nowMs })).ok;
  const house = new HouseMirror(watched);
  const read = async (monotonicMs: number) => {
    await house.read({ monotonicMs, wallMs: nowMs });
    return house.facts;
  };
  assert.deepEqual(house.facts, { desk: NOTHING, houseRules: null });
  assert.deepEqual(await read(0), { desk: NOTHING, houseRules: null });
  assert.ok(await put('Speak of films.', '', 0));
  const rules = { version: 1, en: 'Speak of films.', fr: '' };
  assert.deepEqual(await read(1), { desk: NOTHING, houseRules: rules });
  assert.ok(await put('', '', 1));
  await house.readRules();
  assert.equal(house.facts.houseRules, null);
  assert.equal(house.unopenableCases, 0);
  await store.run('report.take', reportFrom(1, { reason: 'may-be-under-18' }));
  await read(1);
  assert.equal(house.unopenableCases, 1);
  const counted = () => asked.filter((name) => name === 'numbers.public').length;
  assert.equal(counted(), 1);
  await read(PUBLIC_NUMBERS_READ_EVERY_MS - 1);
  assert.equal(counted(), 1);
  await read(PUBLIC_NUMBERS_READ_EVERY_MS);
  assert.equal(counted(), 2);
});

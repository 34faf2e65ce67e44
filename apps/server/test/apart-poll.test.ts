import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AgeDeclaration } from '@farandole/gateway/handlers/age';
import type { UnblockRecord } from '@farandole/gateway/ports';
import { brandId, type MatchId } from '@farandole/kernel/id';
import { device, subject } from '@farandole/storage/test/desk';
import { memoryStore } from '@farandole/storage/test/memory-store';
import { ApartPoll } from '../src/cache/apart-poll.ts';
import { APART_READ_AT_ONCE, APART_READ_BACK_MS } from '../src/limits.ts';

const NOW_MS = 1_000_000_000;

test('[GW-27d] APART_READ_BACK_MS, APART_READ_AT_ONCE: reads what other nodes stored', async () => {
  const store = memoryStore();
  const poll = new ApartPoll(store);
  const declare = async (name: string, atMs: number): Promise<void> => {
    const by = { subject: subject(name), device: device(name) };
    const change = { kind: 'age-refused', ...by, atWallMs: atMs } as const;
    await store.run('apart.note', { changes: [change] });
  };
  const read = async (nowMs: number): Promise<readonly AgeDeclaration[]> => {
    const all: AgeDeclaration[] = [];
    await poll.readAges(nowMs, (declarations) => void all.push(...declarations));
    return all;
  };
  await declare('too-old', NOW_MS - APART_READ_BACK_MS - 1);
  await declare('old', NOW_MS - APART_READ_BACK_MS);
  assert.deepEqual(await read(NOW_MS), [
    { subject: subject('old'), device: device('old'), atMs: NOW_MS - APART_READ_BACK_MS },
  ]);
  for (let at = 0; at <= APART_READ_AT_ONCE; at++) await declare(`new-${at}`, NOW_MS + 1);
  assert.equal((await read(NOW_MS + 1)).length, APART_READ_AT_ONCE + 2);
});

test('[GW-56c] reads the removals of blocks that other nodes stored', async () => {
  const store = memoryStore();
  const poll = new ApartPoll(store);
  const people = { by: subject('ada'), of: subject('mallory') };
  const about = {
    match: brandId<MatchId>('match-one'),
    side: 'a',
    ...people,
    mark: 'mark',
  } as const;
  const removal = { kind: 'unblock', ...about, atWallMs: NOW_MS } as const;
  const changes = [{ kind: 'block', ...about, atWallMs: NOW_MS } as const, removal];
  await store.run('apart.note', { changes });
  const read: UnblockRecord[] = [];
  await poll.readAges(NOW_MS, () => assert.fail('no minor'));
  await poll.readRemovals(NOW_MS, (removals) => void read.push(...removals));
  assert.deepEqual(read, [removal]);
});

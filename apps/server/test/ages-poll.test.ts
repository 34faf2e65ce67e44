import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AgeDeclaration } from '@farandole/gateway/handlers/age';
import { device, subject } from '@farandole/storage/test/desk';
import { memoryStore } from '@farandole/storage/test/memory-store';
import { AgesPoll } from '../src/cache/ages-poll.ts';
import { AGES_READ_AT_ONCE, AGES_READ_BACK_MS } from '../src/limits.ts';

const NOW_MS = 1_000_000_000;

test('[GW-27d] AGES_READ_BACK_MS, AGES_READ_AT_ONCE: reads what other nodes stored', async () => {
  const store = memoryStore();
  const poll = new AgesPoll(store);
  const declare = async (name: string, atMs: number): Promise<void> => {
    const by = { subject: subject(name), device: device(name) };
    const change = { kind: 'age-refused', ...by, atWallMs: atMs } as const;
    await store.run('apart.note', { changes: [change] });
  };
  const read = async (nowMs: number): Promise<readonly AgeDeclaration[]> => {
    const all: AgeDeclaration[] = [];
    await poll.read(nowMs, (declarations) => void all.push(...declarations));
    return all;
  };
  await declare('too-old', NOW_MS - AGES_READ_BACK_MS - 1);
  await declare('old', NOW_MS - AGES_READ_BACK_MS);
  assert.deepEqual(await read(NOW_MS), [
    { subject: subject('old'), device: device('old'), atMs: NOW_MS - AGES_READ_BACK_MS },
  ]);
  for (let at = 0; at <= AGES_READ_AT_ONCE; at++) await declare(`new-${at}`, NOW_MS + 1);
  assert.equal((await read(NOW_MS + 1)).length, AGES_READ_AT_ONCE + 2);
});

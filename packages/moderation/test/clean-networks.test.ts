import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brandId } from '@farandole/kernel/id';
import type { AnchorHash } from '@farandole/moderation/ids';
import { CLEAN_NETWORK_MS, CLEAN_NETWORKS_MAX } from '@farandole/moderation/limits';
import { afterCleanCall, type CleanNetwork } from '@farandole/moderation/trust/clean-networks';

const anchor = (name: string): AnchorHash => brandId<AnchorHash>(name);
const HOME = anchor('home');

const call = (before: readonly CleanNetwork[], other: string | null, nowMs = 0) =>
  afterCleanCall(
    before,
    { network: HOME, otherNetwork: other === null ? null : anchor(other) },
    nowMs,
  );

test('[MO-11c] counts a call with another network once a day', () => {
  const one = call([], 'a');
  assert.deepEqual(one, [{ network: anchor('a'), atMs: 0 }]);
  assert.equal(call(one, 'a', CLEAN_NETWORK_MS - 1), null);
  assert.equal(call(one, 'a', CLEAN_NETWORK_MS)?.length, 1);
  assert.equal(call(one, 'b')?.length, 2);
  for (const other of [null, 'home']) assert.equal(call([], other), null);
  const unknown = { network: null, otherNetwork: anchor('a') };
  assert.equal(afterCleanCall([], unknown, 0), null);
});

test('[MO-11c] stores at most 32 networks per user', () => {
  let kept: readonly CleanNetwork[] = [];
  for (let n = 0; n < CLEAN_NETWORKS_MAX; n++) kept = call(kept, `other-${n}`) ?? [];
  assert.equal(kept.length, CLEAN_NETWORKS_MAX);
  assert.equal(call(kept, 'one-more'), null);
});

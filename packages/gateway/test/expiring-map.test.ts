import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ExpiringMap, trustedAgeMs } from '../src/expiring-map.ts';

test('[GW-4] an expiring map keeps an entry exactly for its lifetime', () => {
  const map = new ExpiringMap<string, number>(100, 10);
  map.set('one', 1, 0);
  assert.equal(map.get('one', 99), 1);
  assert.equal(map.has('one', 99), true);
  assert.equal(map.get('one', 100), undefined);
  assert.equal(map.has('one', 100), false);
});

test('[GW-4] a map entry inserted with an age expires earlier by that age', () => {
  const map = new ExpiringMap<string, number>(100, 10);
  map.set('one', 1, 0, 60);
  assert.equal(map.has('one', 39), true);
  assert.equal(map.has('one', 40), false);
});

test('[GW-4] an expiring map evicts the oldest entry above its limit', () => {
  const map = new ExpiringMap<string, number>(100, 2);
  map.set('one', 1, 0);
  map.set('two', 2, 1);
  assert.equal(map.size, 2);
  map.set('three', 3, 2);
  assert.equal(map.size, 2);
  assert.equal(map.has('one', 2), false);
  assert.equal(map.has('two', 2), true);
});

test('[GW-4] setting a key again makes the map entry the youngest', () => {
  const map = new ExpiringMap<string, number>(100, 2);
  map.set('one', 1, 0);
  map.set('two', 2, 1);
  map.set('one', 3, 2);
  map.set('three', 3, 3);
  assert.equal(map.get('one', 3), 3);
  assert.equal(map.has('two', 3), false);
});

test('[GW-4] setting a key again delays eviction of the map entry', () => {
  const map = new ExpiringMap<string, number>(100, 3);
  for (const [atMs, key] of ['one', 'two', 'one', 'three', 'four'].entries()) map.set(key, 1, atMs);
  const left = ['one', 'two', 'three', 'four'].filter((key) => map.has(key, 5));
  assert.deepEqual(left, ['one', 'three', 'four']);
});

test('[GW-4] adding an entry removes expired entries from the map', () => {
  const map = new ExpiringMap<string, number>(100, 10);
  map.set('one', 1, 0);
  map.set('two', 2, 50);
  map.set('three', 3, 120);
  assert.equal(map.size, 2);
  map.delete('two');
  assert.equal(map.size, 1);
});

test('[GW-4] clamps the age of a journal record between zero and `lifetimeMs`', () => {
  assert.equal(trustedAgeMs(1_000, 1_060, 100), 60);
  assert.equal(trustedAgeMs(1_000, 500, 100), 0);
  assert.equal(trustedAgeMs(1_000, 9_000, 100), 100);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ATTEMPTS_FREE } from '@farandole/accounts/limits';
import { ATTEMPT_NETWORKS_MAX } from '../../src/limits.ts';
import { NetworkAttempts } from '../../src/sign-in/network-attempts.ts';

test('[MO-103] rate-limits a network by failed sign-ins but not by successful ones', () => {
  const attempts = new NetworkAttempts();
  for (let n = 0; n < 100; n += 1) {
    assert.equal(attempts.begin('home', 0), 0);
    attempts.takeBack('home');
  }
  for (let n = 0; n < ATTEMPTS_FREE; n += 1) assert.equal(attempts.begin('home', 0), 0);
  assert.equal(attempts.begin('home', 0), 1_000);
  assert.equal(attempts.begin('home', 400), 600, 'one that has to wait does not count');
  assert.equal(attempts.begin('elsewhere', 0), 0);
  assert.equal(attempts.begin('home', 1_000), 0);
  assert.equal(attempts.begin('home', 1_000), 2_000);
});

test('evicts the least recently used network when the sign-in table is full', () => {
  const attempts = new NetworkAttempts();
  for (let n = 0; n < ATTEMPTS_FREE; n += 1) attempts.begin('first', 0);
  for (let n = 1; n < ATTEMPT_NETWORKS_MAX; n += 1) attempts.begin(`network ${n}`, 0);
  assert.equal(attempts.begin('first', 0), 1_000, 'it is still known');
  attempts.begin('one more', 0);
  assert.equal(attempts.begin('first', 0), 0);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signal } from '@preact/signals';
import { settle } from '../../src/fakes/fake-time.ts';
import { keepAwake } from '../../src/ui/wake-lock.ts';

function browser(gives = true) {
  const held = { count: 0, asked: 0 };
  const wanted = signal(false);
  const hidden = signal(false);
  const request = () => {
    held.asked += 1;
    if (!gives) return Promise.reject(new Error('the battery is low'));
    held.count += 1;
    const release = () => {
      held.count -= 1;
      return Promise.resolve();
    };
    return Promise.resolve({ release });
  };
  keepAwake({ request }, wanted, hidden);
  return { held, wanted, hidden };
}

test('keeps the screen awake while the page requests it and is visible', async () => {
  const { held, wanted, hidden } = browser();
  await settle();
  assert.equal(held.count, 0);
  wanted.value = true;
  await settle();
  assert.equal(held.count, 1);
  hidden.value = true;
  await settle();
  assert.equal(held.count, 0);
  hidden.value = false;
  await settle();
  assert.equal(held.count, 1, 'asked for anew');
  wanted.value = false;
  await settle();
  assert.equal(held.count, 0);
  hidden.value = true;
  hidden.value = false;
  await settle();
  assert.equal(held.asked, 2);
});

test('releases a wake lock that was granted after its request was cancelled', async () => {
  const { held, wanted } = browser();
  wanted.value = true;
  wanted.value = false;
  await settle();
  assert.deepEqual(held, { count: 0, asked: 1 });
});

test('retries a refused wake lock only when the page becomes visible', async () => {
  const { held, wanted, hidden } = browser(false);
  wanted.value = true;
  await settle();
  assert.equal(held.asked, 1);
  hidden.value = true;
  hidden.value = false;
  await settle();
  assert.equal(held.asked, 2);
});

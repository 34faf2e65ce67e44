import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  USUAL_WAIT_COUNTED_FROM_MS,
  USUAL_WAIT_FRESH_MS,
  USUAL_WAIT_MAX_MS,
  USUAL_WAIT_SHARE,
  USUAL_WAITS_MIN,
} from '../src/limits.ts';
import { UsualWaits } from '../src/usual-waits.ts';

const COUNTED = USUAL_WAIT_COUNTED_FROM_MS;

test('[GW-28] reports no usual waiting time until enough users have waited', () => {
  const waits = new UsualWaits();
  for (let n = 1; n < USUAL_WAITS_MIN; n += 1) {
    waits.add('video', 40_000, n);
    assert.equal(waits.of('video', n), null);
  }
  waits.add('video', 40_000, USUAL_WAITS_MIN);
  assert.equal(waits.of('video', USUAL_WAITS_MIN), 40_000);
  assert.equal(waits.of('text', USUAL_WAITS_MIN), null);
});

test('[GW-28] the mean waiting time ignores short waits', () => {
  const waits = new UsualWaits();
  for (let n = 0; n < USUAL_WAITS_MIN; n += 1) {
    waits.add('text', COUNTED - 1, n);
    waits.add('text', COUNTED, n);
  }
  assert.equal(waits.of('text', USUAL_WAITS_MIN), COUNTED);
});

test('[GW-28] newer waits weigh more in the mean; old ones drop out', () => {
  const waits = new UsualWaits();
  for (let n = 0; n < 40; n += 1) waits.add('text', 10_000, n);
  for (let n = 0; n < 40; n += 1) waits.add('text', 90_000, 40 + n);
  const usual = waits.of('text', 80);
  assert.equal(usual, Math.round(90_000 - 80_000 * (1 - USUAL_WAIT_SHARE) ** 40));
  assert.equal(waits.of('text', 79 + USUAL_WAIT_FRESH_MS), usual);
  assert.equal(waits.of('text', 80 + USUAL_WAIT_FRESH_MS), null);
  // After a pause of this length without a wait, the mean starts over.
  waits.add('text', 6_000, 80 + USUAL_WAIT_FRESH_MS);
  assert.equal(waits.of('text', 80 + USUAL_WAIT_FRESH_MS), null);
});

test('[GW-28] caps a wait of days before adding it to the mean', () => {
  const waits = new UsualWaits();
  for (let n = 0; n < USUAL_WAITS_MIN; n += 1) waits.add('text', USUAL_WAIT_MAX_MS + 1, n);
  assert.equal(waits.of('text', USUAL_WAITS_MIN), USUAL_WAIT_MAX_MS);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RESUME_GRACE_MS } from '@farandole/protocol/limits';
import fc from 'fast-check';
import {
  ATTEMPT_SILENCES_MS,
  CALM_RETRY_FLOOR_MS,
  CALM_RETRY_SPREAD_MS,
  GIVE_UP_AFTER_MS,
  IDLE_RETRY_CEILING_MS,
  RETRY_CEILINGS_MS,
  URGENT_RETRY_CEILING_MS,
  URGENT_SILENCE_MS,
} from '../src/signal/limits.ts';
import { attemptSilenceMs, retryDelayMs } from '../src/signal/reconnect-policy.ts';

const first = { failures: 0, elapsedMs: 0, triedMs: 0, urgent: true, calm: false, unit: 0.5 };

test('makes the first reconnection within 100 ms and spreads later ones wider', () => {
  assert.equal(retryDelayMs(first), RETRY_CEILINGS_MS[0] / 2);
  const ceilings = [0, 1, 2, 3, 50].map((failures) =>
    retryDelayMs({ ...first, failures, unit: 1 }),
  );
  assert.deepEqual(ceilings, [
    ...RETRY_CEILINGS_MS,
    URGENT_RETRY_CEILING_MS,
    URGENT_RETRY_CEILING_MS,
  ]);
});

test('reconnects rarely while no user waits for the connection', () => {
  assert.equal(
    retryDelayMs({ ...first, failures: 9, urgent: false, unit: 1 }),
    IDLE_RETRY_CEILING_MS,
  );
});

test('draws the reconnection delay uniformly from its whole range', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 30 }),
      fc.boolean(),
      fc.boolean(),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (failures, urgent, calm, unit) => {
        const facts = { failures, elapsedMs: 0, triedMs: 0, urgent, calm };
        const at = (share: number): number =>
          retryDelayMs({ ...facts, unit: share }) ?? assert.fail();
        assert.equal(at(0), calm ? CALM_RETRY_FLOOR_MS : 0);
        assert.ok(at(1) > at(0));
        assert.ok(Math.abs(at(unit) - at(0) - unit * (at(1) - at(0))) < 1e-9);
      },
    ),
  );
});

test('waits at least the minimum reconnection delay that a node requests', () => {
  assert.equal(retryDelayMs({ ...first, calm: true, unit: 0 }), CALM_RETRY_FLOOR_MS);
  assert.equal(
    retryDelayMs({ ...first, calm: true, unit: 1 }),
    CALM_RETRY_FLOOR_MS + CALM_RETRY_SPREAD_MS,
  );
});

test('stops reconnecting exactly at the time limit', () => {
  assert.notEqual(retryDelayMs({ ...first, elapsedMs: GIVE_UP_AFTER_MS - 1 }), null);
  assert.equal(retryDelayMs({ ...first, elapsedMs: GIVE_UP_AFTER_MS }), null);
});

test('reconnects at once after a slow attempt, unless no user is waiting', () => {
  const late = { ...first, failures: 2, unit: 1 };
  assert.equal(retryDelayMs({ ...late, triedMs: 400 }), RETRY_CEILINGS_MS[2] - 400);
  assert.equal(retryDelayMs({ ...late, triedMs: 3_000 }), 0);
  const calm = { ...first, calm: true, unit: 0, triedMs: 3_000 };
  assert.equal(retryDelayMs(calm), CALM_RETRY_FLOOR_MS);
});

test('makes short connection attempts and a longer one at intervals', () => {
  const round = (from: number): number[] =>
    [0, 1, 2, 3].map((n) => attemptSilenceMs({ failures: from + n, elapsedMs: 0, urgent: false }));
  assert.deepEqual(round(0), ATTEMPT_SILENCES_MS);
  assert.ok(Math.max(...round(0)) > Math.min(...round(0)));
  assert.deepEqual(round(4), round(0));
});

test('makes only short connection attempts while the server keeps a search or call', () => {
  const silences = (elapsedMs: number): number[] =>
    [0, 1, 2, 3].map((failures) => attemptSilenceMs({ failures, elapsedMs, urgent: true }));
  assert.equal(Math.max(...silences(RESUME_GRACE_MS - 1)), URGENT_SILENCE_MS);
  assert.deepEqual(silences(RESUME_GRACE_MS), ATTEMPT_SILENCES_MS);
});

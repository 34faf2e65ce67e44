import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Scheduler } from './scheduler.ts';

test('the scheduler runs events by time, simultaneous ones in planned order', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(50), fc.boolean()), { maxLength: 200 }), (plans) => {
      const scheduler = new Scheduler(1_000);
      const happened: [number, number][] = [];
      const expected: [number, number][] = [];
      for (const [at, [delayMs, isCancelled]] of plans.entries()) {
        const planned = scheduler.after(delayMs, () => happened.push([scheduler.nowMs, at]));
        if (isCancelled) scheduler.cancel(planned);
        else expected.push([1_000 + delayMs, at]);
      }
      for (let run = scheduler.takeNext(); run !== null; run = scheduler.takeNext()) run();
      expected.sort(([aMs, a], [bMs, b]) => aMs - bMs || a - b);
      assert.deepEqual(happened, expected);
    }),
  );
});

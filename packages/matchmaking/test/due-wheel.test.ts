import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DueWheel, WHEEL_GRAIN_MS } from '@farandole/matchmaking/due-wheel';
import fc from 'fast-check';

test('[MM-60] reports each wheel slot once, never early and at most WHEEL_GRAIN_MS late', () => {
  const schedules = fc.array(
    fc.record({
      /** Time to the next clock reading, from 0 ms up to more than the timing wheel covers. */
      stepMs: fc.oneof(fc.nat({ max: 200 }), fc.nat({ max: 40_000 })),
      delayMs: fc.oneof(fc.nat({ max: 500 }), fc.nat({ max: 90_000 })),
      isCancelled: fc.boolean(),
    }),
    { maxLength: 40 },
  );
  let came = 0;
  fc.assert(
    fc.property(schedules, fc.integer({ min: -1e9, max: 1e9 }), (entries, startMs) => {
      const wheel = new DueWheel(startMs);
      wheel.grow(entries.length);
      const due = new Map<number, number>();
      let nowMs = startMs;
      let lastMs = startMs;
      const advance = (): void => {
        wheel.advance(nowMs, (slot) => {
          const dueMs = due.get(slot);
          assert.ok(dueMs !== undefined, 'what was not due, or came before, came');
          assert.ok(dueMs <= nowMs, 'it came early');
          due.delete(slot);
          came++;
        });
        for (const [slot, dueMs] of due) {
          const isLate = dueMs + 2 * WHEEL_GRAIN_MS <= nowMs && nowMs > lastMs + WHEEL_GRAIN_MS;
          assert.ok(!isLate, `slot ${slot} is late by ${nowMs - dueMs} ms`);
          assert.ok(wheel.isScheduled(slot));
        }
        lastMs = nowMs;
      };
      for (const [slot, { stepMs, delayMs, isCancelled }] of entries.entries()) {
        wheel.schedule(slot, nowMs + delayMs);
        due.set(slot, nowMs + delayMs);
        if (isCancelled) {
          wheel.cancel(slot);
          due.delete(slot);
        }
        nowMs += stepMs;
        advance();
      }
      for (; due.size > 0; nowMs += 5_000) advance();
    }),
    { numRuns: 500 },
  );
  assert.ok(came > 1_000, `only ${came} came`);
});

test('[MM-60] reports a wheel slot scheduled for the past at the next tick', () => {
  const wheel = new DueWheel(1_000);
  wheel.grow(1);
  wheel.schedule(0, 10);
  const came: number[] = [];
  wheel.advance(1_000 + WHEEL_GRAIN_MS, (slot) => came.push(slot));
  assert.deepEqual(came, [0]);
  assert.equal(wheel.isScheduled(0), false);
  wheel.cancel(0);
});

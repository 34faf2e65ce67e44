import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Deadline, DeadlineQueue } from '../src/deadline-queue.ts';

test('[GW-3] returns due deadlines by time, and simultaneous ones in insertion order', () => {
  const queue = new DeadlineQueue<string>();
  queue.add(30, 'third');
  queue.add(10, 'first');
  queue.add(30, 'fourth');
  queue.add(20, 'second');
  assert.equal(queue.takeDue(9), null);
  assert.equal(queue.takeDue(10), 'first');
  assert.equal(queue.takeDue(10), null);
  assert.deepEqual(takeAll(queue, 100), ['second', 'third', 'fourth']);
});

test('[GW-3] never returns a cancelled deadline, and frees the deadline’s memory', () => {
  const queue = new DeadlineQueue<string>();
  const cancelled = queue.add(10, 'cancelled');
  queue.add(10, 'kept');
  queue.cancel(cancelled);
  queue.cancel(cancelled);
  assert.equal(queue.size, 1);
  assert.deepEqual(takeAll(queue, 10), ['kept']);
  queue.cancel(cancelled);
  assert.equal(queue.size, 0);
});

test('[GW-3] the deadline queue behaves like a sorted list', () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('add' as const), atMs: fc.nat({ max: 50 }) }),
    fc.record({ do: fc.constant('cancel' as const), which: fc.nat() }),
    fc.record({ do: fc.constant('take' as const), nowMs: fc.nat({ max: 60 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const queue = new DeadlineQueue<number>();
      const made: Deadline<number>[] = [];
      let model: Deadline<number>[] = [];
      for (const each of steps) {
        if (each.do === 'add') {
          const deadline = queue.add(each.atMs, made.length);
          made.push(deadline);
          model.push(deadline);
          // The sort is stable, so deadlines at the same time stay in insertion order.
          model.sort((one, other) => one.atMs - other.atMs);
        } else if (each.do === 'cancel') {
          const deadline = made[each.which % Math.max(1, made.length)];
          if (deadline === undefined) continue;
          queue.cancel(deadline);
          model = model.filter((kept) => kept !== deadline);
        } else {
          const [first] = model;
          const due = first !== undefined && first.atMs <= each.nowMs ? first : null;
          assert.equal(queue.takeDue(each.nowMs), due?.what ?? null);
          if (due !== null) model.shift();
        }
        assert.equal(queue.size, model.length);
      }
    }),
    { numRuns: 500 },
  );
});

function takeAll<What>(queue: DeadlineQueue<What>, nowMs: number): readonly What[] {
  const taken: What[] = [];
  for (;;) {
    const what = queue.takeDue(nowMs);
    if (what === null) return taken;
    taken.push(what);
  }
}

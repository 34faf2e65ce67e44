import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SweepWheel } from '../src/transport/sweep-wheel.ts';

test('visits each sweep wheel member once per revolution, few at once', () => {
  const wheel = new SweepWheel<number>(1_000, 50, 0);
  const visits = new Map<number, number>();
  let nowMs = 0;
  for (let member = 0; member < 200; member++) {
    wheel.add(member);
    wheel.advance((nowMs += 5), () => {});
  }
  let most = 0;
  for (let tick = 0; tick < 100; tick++) {
    let seen = 0;
    wheel.advance((nowMs += 50), (member) => {
      seen += 1;
      visits.set(member, (visits.get(member) ?? 0) + 1);
    });
    most = Math.max(most, seen);
  }
  assert.equal(visits.size, 200);
  assert.deepEqual(new Set(visits.values()), new Set([5]));
  assert.ok(most <= 11, `${most} at once`);
});

test('visits a new sweep wheel member about one revolution later', () => {
  for (let addedAtMs = 0; addedAtMs < 2_000; addedAtMs += 37) {
    const wheel = new SweepWheel<string>(1_000, 50, 0);
    wheel.advance(addedAtMs, () => {});
    wheel.add('member');
    let visitedAtMs: number | null = null;
    for (let nowMs = addedAtMs; visitedAtMs === null; nowMs++) {
      wheel.advance(nowMs, () => {
        visitedAtMs = nowMs;
      });
    }
    const afterMs = visitedAtMs - addedAtMs;
    assert.ok(afterMs > 900 && afterMs <= 1_000, `${afterMs} ms`);
  }
});

test("skips removed members of the sweep wheel, even during their slot's visit", () => {
  const wheel = new SweepWheel<string>(1_000, 50, 0);
  const seen: string[] = [];
  const slots = ['a', 'b', 'c'].map((member) => wheel.add(member));
  slots[2]?.delete('c');
  wheel.advance(1_000, (member) => {
    seen.push(member);
    slots[0]?.delete('a');
    slots[1]?.delete('b');
  });
  wheel.advance(2_000, (member) => seen.push(member));
  assert.deepEqual(seen, ['a']);
});

test('the sweep wheel catches up on at most one revolution after pauses', () => {
  const wheel = new SweepWheel<string>(1_000, 50, 0);
  wheel.add('member');
  let visits = 0;
  wheel.advance(1_000_000, () => {
    visits += 1;
  });
  assert.equal(visits, 1);
  wheel.advance(1_000_000, () => {
    visits += 1;
  });
  assert.equal(visits, 1);
});

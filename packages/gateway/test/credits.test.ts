import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Credits, spend } from '../src/credits.ts';
import { CREDIT_LIMITS, type CreditKind, FRAME_CREDITS } from '../src/limits.ts';

const KINDS = Object.keys(CREDIT_LIMITS) as CreditKind[];

for (const kind of KINDS) {
  const { burst, everyMs } = CREDIT_LIMITS[kind];
  test(`[GW-60] accepts ${burst} ${kind} messages at once and refuses the next`, () => {
    const credits = new Credits();
    for (let i = 0; i < burst; i++) assert.ok(credits.take(kind, 1_000), `number ${i + 1}`);
    assert.equal(credits.take(kind, 1_000), false);
    const waitMs = credits.waitMs(kind, 1_000);
    assert.equal(waitMs, everyMs);
    assert.equal(credits.take(kind, 1_000 + waitMs - 1), false);
    assert.equal(credits.take(kind, 1_000 + waitMs), true);
  });
}

test('[GW-60] limits the rate of each message kind separately', () => {
  const credits = new Credits();
  while (credits.take('chat', 0));
  for (const kind of KINDS) if (kind !== 'chat') assert.ok(credits.take(kind, 0), kind);
});

test('[GW-60] never refuses messages sent at the interval at which credits are refilled', () => {
  const credits = new Credits();
  const { everyMs } = CREDIT_LIMITS.chat;
  for (let i = 0; i < 1_000; i++) assert.ok(credits.take('chat', i * everyMs));
  assert.equal(credits.waitMs('chat', 1_000 * everyMs), 0);
});

test('[GW-60] accepts at most burst plus refill in any time window', () => {
  const gaps = fc.array(fc.nat({ max: 400 }), { minLength: 1, maxLength: 400 });
  fc.assert(
    fc.property(gaps, (waits) => {
      let fullAtMs = 0;
      let nowMs = 0;
      const passedAt: number[] = [];
      for (const waitMs of waits) {
        nowMs += waitMs;
        const next = spend(fullAtMs, FRAME_CREDITS, nowMs);
        if (next === null) continue;
        fullAtMs = next;
        passedAt.push(nowMs);
      }
      const [first = 0] = passedAt;
      const windowMs = (passedAt.at(-1) ?? 0) - first;
      const most = FRAME_CREDITS.burst + Math.floor(windowMs / FRAME_CREDITS.everyMs);
      assert.ok(passedAt.length <= most);
    }),
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimClock } from '@farandole/kernel/testing/sim-clock';
import { DRAIN_DEADLINE_MS } from '@farandole/protocol/limits';
import { Drain } from '../src/node/drain.ts';
import type { LogEvent } from '../src/observe/log.ts';

function setUp() {
  const clock = new SimClock();
  const gateway = { drained: false };
  const events: LogEvent[] = [];
  let refusals = 0;
  const loop = { drain: () => void (refusals += 1) };
  const drain = new Drain({ gateway, loop, clock, log: (event) => void events.push(event) });
  let isOver = false;
  const begin = (): void => void drain.begin().then(() => (isOver = true));
  const tick = async (): Promise<boolean> => {
    drain.tick({ monotonicMs: clock.monotonicMs() });
    await new Promise(setImmediate);
    return isOver;
  };
  return { clock, gateway, events, drain, begin, tick, refusals: () => refusals };
}

test('[PR-45] drains until the last session has ended', async () => {
  const { gateway, events, drain, begin, tick, refusals } = setUp();
  assert.equal(await tick(), false);
  begin();
  begin();
  assert.equal(drain.hasBegun, true);
  assert.deepEqual(events, [{ event: 'draining', deadlineMs: DRAIN_DEADLINE_MS }]);
  assert.equal(refusals(), 1);
  for (let n = 0; n < 3; n++) assert.equal(await tick(), false);
  gateway.drained = true;
  assert.equal(await tick(), true);
});

test('[PR-45] drains until the deadline while sessions remain', async () => {
  const { clock, begin, tick } = setUp();
  begin();
  clock.advance(DRAIN_DEADLINE_MS - 1);
  assert.equal(await tick(), false);
  clock.advance(1);
  assert.equal(await tick(), true);
});

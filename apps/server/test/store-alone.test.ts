import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STORE_ALONE_MS } from '../src/limits.ts';
import { storeAlone } from '../src/node/store-alone.ts';

test('[CL-231] STORE_ALONE_MS: sends users away only while it alone misses the store', () => {
  const state = { isReached: true, doOthersReach: true };
  const said: string[] = [];
  let sent = 0;
  const tick = storeAlone({
    isReached: () => state.isReached,
    doOthersReach: () => state.doOthersReach,
    sendAway: () => {
      sent += 1;
    },
    log: ({ event }) => said.push(event),
  });
  const sentAt = (monotonicMs: number): number => {
    sent = 0;
    tick({ monotonicMs, wallMs: 0 });
    return sent;
  };
  assert.equal(sentAt(0), 0);
  state.isReached = false;
  state.doOthersReach = false;
  assert.equal(sentAt(1) + sentAt(STORE_ALONE_MS + 1), 0, 'the store is away for all');
  state.doOthersReach = true;
  assert.equal(sentAt(20_000) + sentAt(20_000 + STORE_ALONE_MS - 1), 0);
  assert.equal(sentAt(20_000 + STORE_ALONE_MS), 1);
  assert.equal(sentAt(20_050 + STORE_ALONE_MS), 1);
  assert.deepEqual(said, ['users-sent-away']);
  state.isReached = true;
  assert.equal(sentAt(30_000), 0);
  state.isReached = false;
  assert.equal(sentAt(30_001), 0, 'the time counts again');
});

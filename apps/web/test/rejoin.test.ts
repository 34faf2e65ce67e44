import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RejoinableCall } from '../src/call/call-state.ts';
import { FakeTime } from '../src/fakes/fake-time.ts';
import type { Outgoing } from '../src/signal/frame-stream.ts';
import { Rejoin } from '../src/state/rejoin.ts';
import { KEPT_CALL } from './support/calls.ts';

const KEPT = { ...KEPT_CALL, epoch: 3 };

class Hand {
  readonly time = new FakeTime();
  readonly sent: Outgoing[] = [];
  readonly begun: RejoinableCall[] = [];
  readonly rejoin = new Rejoin({
    scheduler: this.time,
    send: (message) => this.sent.push(message) > 0,
    begin: (kept) => this.begun.push(kept),
  });

  constructor(kept: RejoinableCall | undefined = KEPT) {
    this.rejoin.sessionOpened(kept);
  }

  get offered(): boolean {
    return this.rejoin.offer.value !== null;
  }
}

test('[PR-63] offers to rejoin a call as long as the node keeps it', async () => {
  const hand = new Hand();
  assert.deepEqual([hand.rejoin.leftMs.value, hand.rejoin.agoMs.value], [20_000, 10_000]);
  await hand.time.advance(KEPT.deadlineMs - 1);
  assert.equal(hand.offered, true);
  assert.deepEqual([hand.rejoin.leftMs.value, hand.rejoin.agoMs.value], [1_000, 29_000]);
  hand.rejoin.take();
  assert.deepEqual(hand.begun, [KEPT]);
  assert.equal(hand.offered, true, 'until the way back has come to its end');
  await hand.time.advance(1);
  assert.equal(hand.offered, false);
  hand.rejoin.take();
  hand.rejoin.decline();
  assert.deepEqual([hand.begun.length, hand.sent], [1, []]);
});

test('[PR-63] ends a call by its id, once, when rejoining is declined', () => {
  const hand = new Hand();
  hand.rejoin.decline();
  hand.rejoin.decline();
  assert.deepEqual(hand.sent, [
    { type: 'call.end', match: 'match-0001', epoch: 3, reason: 'stop' },
  ]);
  assert.deepEqual([hand.offered, hand.time.pending], [false, 0]);
});

test('[PR-63] withdraws the offer to rejoin once the call is over', () => {
  const ended = new Hand();
  ended.rejoin.heardEnd('another-match');
  assert.equal(ended.offered, true);
  ended.rejoin.heardEnd(KEPT.match);
  assert.equal(ended.offered, false);
  const anew = new Hand();
  anew.rejoin.sessionOpened(undefined);
  assert.equal(anew.offered, false);
});

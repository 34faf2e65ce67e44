import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { CONSOLE_BEAT_MS, type ConsoleCounts } from '@farandole/protocol/console-api';
import { LiveLink, type OpenStream, retryAfterMs } from '../src/state/live-link.ts';

type Heard = Parameters<OpenStream>[0];

function linkTo(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const streams: (Heard & { closed: boolean })[] = [];
  let lost = 0;
  const link = new LiveLink(
    (heard) => {
      const stream = { ...heard, closed: false };
      streams.push(stream);
      return {
        close: () => {
          stream.closed = true;
        },
      };
    },
    () => {
      lost += 1;
    },
  );
  t.after(() => link.stop());
  const newest = () => {
    const stream = streams.at(-1);
    assert.ok(stream !== undefined);
    return stream;
  };
  return { link, streams, newest, lost: () => lost, wait: (ms: number) => t.mock.timers.tick(ms) };
}

const SAID: ConsoleCounts = {
  version: 7,
  atMs: 1,
  counts: { waiting: 3, late: 0, mine: 0, approvals: 0, appeals: 0, unopenable: 0 },
};

test('keeps one event stream and its latest counts while heartbeats arrive', (t) => {
  const { link, streams, newest, wait } = linkTo(t);
  link.start();
  assert.equal(link.current.value.state, 'connecting');
  for (let n = 0; n < 10; n++) {
    newest().counts({ ...SAID, version: n });
    assert.deepEqual(link.current.value, { state: 'live', said: { ...SAID, version: n } });
    wait(2 * CONSOLE_BEAT_MS);
  }
  assert.equal(streams.length, 1);
});

test('reopens an event stream that was silent for too long', (t) => {
  const { link, streams, newest, lost, wait } = linkTo(t);
  link.start();
  newest().counts(SAID);
  wait(2 * CONSOLE_BEAT_MS + 2_000);
  assert.deepEqual(link.current.value, { state: 'lost', said: SAID });
  assert.ok(newest().closed);
  assert.equal(lost(), 1);
  wait(retryAfterMs(0) - 1);
  assert.equal(streams.length, 1);
  wait(1);
  assert.equal(streams.length, 2);
  newest().counts(SAID);
  assert.equal(link.current.value.state, 'live');
});

test("doubles the event stream's retry delay to 30 s; success resets it", (t) => {
  const { link, streams, newest, wait } = linkTo(t);
  link.start();
  const waits = [0, 1, 2, 3, 4, 5, 6].map(retryAfterMs);
  assert.deepEqual(waits, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  for (const [tries, waitMs] of waits.entries()) {
    newest().lost();
    wait(waitMs - 1);
    assert.equal(streams.length, tries + 1);
    wait(1);
    assert.equal(streams.length, tries + 2);
  }
  newest().counts(SAID);
  newest().lost();
  wait(1_000);
  assert.equal(streams.length, waits.length + 2);
});

test('opens no event stream after stop() was called', (t) => {
  const { link, streams, newest, wait } = linkTo(t);
  link.start();
  newest().lost();
  link.stop();
  wait(60_000);
  assert.equal(streams.length, 1);
});

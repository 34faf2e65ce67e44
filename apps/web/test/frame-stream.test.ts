import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ACK_AFTER_FRAMES,
  LINE_CHARS_DECODED_MAX,
  UNACKED_CHARS_MAX,
  UNACKED_FRAMES_MAX,
} from '@farandole/protocol/limits';
import { FrameStream } from '../src/signal/frame-stream.ts';
import { nthMessage } from './support/client-harness.ts';

test('[PR-20] numbers sent frames from 1 without gaps', () => {
  const stream = new FrameStream();
  const places = [1, 2, 3].map((n) => {
    const frame: unknown = JSON.parse(stream.push(nthMessage(n)) ?? 'null');
    return (frame as { seq: number }).seq;
  });
  assert.deepEqual(places, [1, 2, 3]);
});

test('[PR-21] accepts each frame once and distinguishes gaps from repeats', () => {
  const stream = new FrameStream();
  assert.equal(stream.receive(1), 'new');
  assert.equal(stream.receive(1), 'seen');
  assert.equal(stream.receive(3), 'gap');
  assert.equal(stream.receive(2), 'new');
  assert.equal(stream.taken, 2);
});

test('[PR-22] requires an acknowledgement exactly at the limit of frames', () => {
  const stream = new FrameStream();
  for (let seq = 1; seq < ACK_AFTER_FRAMES; seq++) stream.receive(seq);
  assert.equal(stream.mustAcknowledge, false);
  stream.receive(ACK_AFTER_FRAMES);
  assert.equal(stream.mustAcknowledge, true);
  stream.told();
  assert.equal(stream.owed, 0);
});

test('[PR-23] keeps unacknowledged frames unchanged and in order', () => {
  const stream = new FrameStream();
  const frames = [1, 2, 3].map((n) => stream.push(nthMessage(n)));
  assert.equal(stream.acknowledge(1), true);
  assert.deepEqual(stream.unacknowledged(), frames.slice(1));
  assert.equal(stream.acknowledge(0), true, 'an older word changes nothing');
  assert.deepEqual(stream.unacknowledged(), frames.slice(1));
});

test('[PR-25] reports when the node acknowledges a frame that was never sent', () => {
  const stream = new FrameStream();
  stream.push(nthMessage(1));
  assert.equal(stream.acknowledge(2), false);
  assert.equal(stream.acknowledge(1), true);
});

test('stores unacknowledged frames up to the limit and rejects one more', () => {
  const stream = new FrameStream();
  for (let n = 1; n <= UNACKED_FRAMES_MAX; n++) assert.notEqual(stream.push(nthMessage(n)), null);
  assert.equal(stream.push(nthMessage(0)), null);
  stream.acknowledge(1);
  const frame: unknown = JSON.parse(stream.push(nthMessage(0)) ?? 'null');
  assert.equal((frame as { seq: number }).seq, UNACKED_FRAMES_MAX + 1, 'a refusal takes no place');
});

test('limits the total characters of stored unacknowledged frames', () => {
  const stream = new FrameStream();
  const line = {
    type: 'chat.send',
    match: 'match-0001',
    epoch: 1,
    id: 'line-0001',
    text: 'x'.repeat(LINE_CHARS_DECODED_MAX),
  } as const;
  let kept = 0;
  for (let frame = stream.push(line); frame !== null; frame = stream.push(line)) {
    kept += frame.length;
  }
  assert.ok(kept <= UNACKED_CHARS_MAX);
  assert.ok(kept > UNACKED_CHARS_MAX - LINE_CHARS_DECODED_MAX - 200);
});

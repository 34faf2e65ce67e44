import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeClientMessage } from '../src/codec.ts';
import { splitAck, withAck } from '../src/frame-ack.ts';
import { fixtureNames, readFixture } from './support/fixtures.ts';

const LARGEST = 2 ** 31;
const ack = fc.oneof(fc.integer({ min: 0, max: LARGEST }), fc.constantFrom(0, 1, LARGEST));
const hostileText = fc
  .tuple(fc.string(), fc.constantFrom('', ',"ack":1}', '","ack":1}', '{"type":"link.ack"}'))
  .map(([text, end]) => text + end);

test('[PR-222] adds an acknowledgement as the last field, and splits it off again', () => {
  fc.assert(
    fc.property(hostileText, ack, (text, number) => {
      const message = {
        type: 'chat.send',
        seq: 1,
        match: 'a'.repeat(22),
        epoch: 1,
        id: 'line-1',
        text,
      };
      const frame = JSON.stringify(message);
      const carrying = withAck(frame, number);
      assert.deepEqual(JSON.parse(carrying), { ...message, ack: number });
      assert.deepEqual(splitAck(carrying), [`{"type":"link.ack","ack":${number}}`, frame]);
      assert.deepEqual(splitAck(frame), [frame]);
    }),
  );
});

test('[PR-222] splits each sequenced message into two valid frames', () => {
  for (const name of fixtureNames('client')) {
    const { ack: _, ...message } = readFixture('client', name);
    if (!('seq' in message)) continue;
    const frames = splitAck(withAck(JSON.stringify(message), 7));
    const decoded = frames.map((frame) => decodeClientMessage(frame, Buffer.byteLength(frame)));
    const values = decoded.map((result) => (result.ok ? result.value : result.reason));
    assert.deepEqual(values, [{ type: 'link.ack', ack: 7 }, message]);
  }
});

test('[PR-222] leaves messages without a sequence number whole', () => {
  for (const name of fixtureNames('client')) {
    const message = readFixture('client', name);
    const frame = JSON.stringify(message);
    if (!('seq' in message)) assert.deepEqual(splitAck(frame), [frame]);
  }
});

test('[PR-222] rejects an acknowledgement in a message that isn’t sequenced', () => {
  const frame = withAck(JSON.stringify(readFixture('client', 'chat.typing')), 1);
  assert.deepEqual(decodeClientMessage(frame, frame.length), { ok: false, reason: 'malformed' });
});

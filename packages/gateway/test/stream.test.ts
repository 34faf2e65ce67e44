import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UNACKED_CHARS_MAX, UNACKED_FRAMES_MAX } from '@farandole/protocol/limits';
import fc from 'fast-check';
import { InStream, OutStream } from '../src/stream.ts';

test('[PR-23] buffers sent frames unchanged until the client acknowledges them', () => {
  const out = new OutStream();
  for (const frame of ['one', 'two', 'three']) assert.ok(out.push(frame));
  assert.equal(out.sent, 3);
  assert.ok(out.acknowledge(1));
  assert.deepEqual(out.unacknowledged, ['two', 'three']);
  assert.ok(out.acknowledge(3));
  assert.deepEqual(out.unacknowledged, []);
  assert.equal(out.sent, 3);
});

test('[PR-23] ignores an acknowledgement older than the last one', () => {
  const out = new OutStream();
  for (const frame of ['one', 'two', 'three']) out.push(frame);
  out.acknowledge(2);
  assert.ok(out.acknowledge(1));
  assert.deepEqual(out.unacknowledged, ['three']);
});

test('[PR-25] rejects an acknowledgement of a frame that was never sent', () => {
  const out = new OutStream();
  out.push('one');
  assert.equal(out.acknowledge(2), false);
  assert.deepEqual(out.unacknowledged, ['one']);
});

test('[PR-24] limits the number of buffered frames', () => {
  const out = new OutStream();
  for (let i = 0; i < UNACKED_FRAMES_MAX; i++) assert.ok(out.push('x'));
  assert.equal(out.push('x'), false);
});

test('[PR-24] limits the total characters of buffered frames', () => {
  const out = new OutStream();
  assert.ok(out.push('x'.repeat(UNACKED_CHARS_MAX)));
  assert.equal(out.push('x'), false);
});

test('[PR-24] frees the memory of acknowledged frames', () => {
  const out = new OutStream();
  for (let i = 0; i < UNACKED_FRAMES_MAX; i++) out.push('x');
  out.acknowledge(1);
  assert.ok(out.push('x'));
  const long = new OutStream();
  long.push('x'.repeat(UNACKED_CHARS_MAX));
  long.acknowledge(1);
  assert.ok(long.push('x'.repeat(UNACKED_CHARS_MAX)));
});

test('[PR-14] a resume succeeds only if all missing frames are buffered', () => {
  const out = new OutStream();
  for (const frame of ['one', 'two', 'three']) out.push(frame);
  out.acknowledge(2);
  assert.deepEqual(
    [0, 1, 2, 3, 4].map((place) => out.canResumeAfter(place)),
    [false, false, true, true, false],
  );
});

test('[PR-21] accepts received frames by ascending number; detects duplicates and gaps', () => {
  const stream = new InStream();
  assert.equal(stream.accept(1), 'next');
  stream.take(1);
  assert.equal(stream.accept(1), 'duplicate');
  assert.equal(stream.accept(3), 'gap');
  assert.equal(stream.accept(2), 'next');
});

test('[PR-22] counts received frames since the last acknowledgement', () => {
  const stream = new InStream();
  for (const place of [1, 2, 3]) stream.take(place);
  assert.equal(stream.untold, 3);
  assert.equal(stream.tell(), 3);
  assert.equal(stream.untold, 0);
});

test('[PR-23] delivers every frame once, in the order sent, despite lost connections', () => {
  // A cut loses all frames in transit. A resume then sends the missing frames again.
  const step = fc.constantFrom('say', 'say', 'deliver', 'acknowledge', 'cut');
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const out = new OutStream();
      const taker = new InStream();
      const said: string[] = [];
      const arrived: string[] = [];
      let onTheWay: { readonly place: number; readonly frame: string }[] = [];
      const deliver = (): void => {
        for (const { place, frame } of onTheWay) {
          const verdict = taker.accept(place);
          assert.notEqual(verdict, 'gap');
          if (verdict === 'duplicate') continue;
          taker.take(place);
          arrived.push(frame);
        }
        onTheWay = [];
      };
      const resume = (): void => {
        assert.ok(out.canResumeAfter(taker.taken));
        out.acknowledge(taker.taken);
        const first = out.acknowledged + 1;
        onTheWay = out.unacknowledged.map((frame, at) => ({ place: first + at, frame }));
      };
      for (const each of steps) {
        if (each === 'say') {
          const frame = `frame ${said.length + 1}`;
          said.push(frame);
          out.push(frame);
          onTheWay.push({ place: out.sent, frame });
        } else if (each === 'deliver') deliver();
        else if (each === 'acknowledge') out.acknowledge(taker.taken);
        else resume();
      }
      resume();
      deliver();
      assert.deepEqual(arrived, said);
    }),
  );
});

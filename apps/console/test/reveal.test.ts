import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiReply } from '../src/api/api-client.ts';
import { type PictureFrame, Reveal } from '../src/state/reveal.ts';

function desk(draws = true) {
  const asked: { readonly id: string; readonly answer: (with_: ApiReply<ArrayBuffer>) => void }[] =
    [];
  const drawn: (string | number)[] = [];
  const frame: PictureFrame = {
    draw: (bytes) => {
      drawn.push(bytes.byteLength);
      return Promise.resolve(draws);
    },
    clear: () => void drawn.push('clear'),
  };
  const reveal = new Reveal({
    ask: (id) =>
      new Promise((answer) => {
        asked.push({ id, answer });
      }),
    frame: () => frame,
  });
  const answerLast = async (answer: ApiReply<ArrayBuffer>): Promise<void> => {
    asked.at(-1)?.answer(answer);
    await new Promise(setImmediate);
  };
  return { reveal, asked, drawn, answerLast, now: () => reveal.current.value };
}

const bytes = (length: number): ApiReply<ArrayBuffer> => ({
  ok: true,
  value: new ArrayBuffer(length),
});
const no = (error: string): ApiReply<ArrayBuffer> => ({
  ok: false,
  problem: { error, detail: '', status: 410 },
});

test('[MO-112] requests and shows a picture each time its button is held', async () => {
  const { reveal, asked, drawn, answerLast, now } = desk();
  assert.deepEqual(now(), { state: 'covered' });
  for (const time of [1, 2]) {
    void reveal.hold('one');
    assert.deepEqual(now(), { state: 'loading', id: 'one' });
    await answerLast(bytes(7));
    assert.deepEqual(now(), { state: 'shown', id: 'one' });
    reveal.release('another');
    assert.deepEqual(now(), { state: 'shown', id: 'one' });
    reveal.release('one');
    assert.deepEqual(now(), { state: 'covered' });
    assert.equal(asked.length, time);
  }
  assert.deepEqual(drawn, ['clear', 7, 'clear', 'clear', 7, 'clear']);
});

test('draws no picture that arrives after its button’s release or another press', async () => {
  const { reveal, asked, drawn, answerLast, now } = desk();
  void reveal.hold('one');
  reveal.release();
  await answerLast(bytes(1));
  assert.deepEqual(now(), { state: 'covered' });
  void reveal.hold('two');
  void reveal.hold('three');
  asked[1]?.answer(bytes(2));
  await answerLast(bytes(3));
  assert.deepEqual(now(), { state: 'shown', id: 'three' });
  assert.deepEqual(
    drawn.filter((one) => one !== 'clear'),
    [3],
  );
});

test('shows a failed picture’s error until the button’s next press', async () => {
  const { reveal, answerLast, now } = desk(false);
  void reveal.hold('one');
  await answerLast(no('key-missing'));
  reveal.release();
  assert.deepEqual(now(), { state: 'failed', id: 'one', why: 'key-missing' });
  void reveal.hold('one');
  assert.equal(now().state, 'loading');
  await answerLast(bytes(1));
  assert.deepEqual(now(), { state: 'failed', id: 'one', why: 'not-drawn' });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clockOf } from '../src/a11y/durations.ts';
import type { LineView } from '../src/chat/chat-view.ts';
import { transcriptOf } from '../src/chat/transcript.ts';

const WORDS = { notice: 'Keep it to yourself.', you: 'You', stranger: 'Stranger', clock: clockOf };

function line(change: Partial<LineView>): LineView {
  return {
    key: 'line',
    id: 'line',
    from: 'peer',
    text: 'hello',
    atMs: 1,
    sinceStartMs: 65_000,
    state: 'sent',
    refusal: null,
    ...change,
  };
}

test('lists lines in order with times below the notice', () => {
  const lines = [line({}), line({ from: 'you', text: 'hi', sinceStartMs: 70_000 })];
  assert.equal(
    transcriptOf(lines, WORDS),
    'Keep it to yourself.\n\n[1:05] Stranger: hello\n[1:10] You: hi\n',
  );
});

test('omits undelivered lines', () => {
  const lines = [line({ state: 'refused', refusal: 'too-fast' }), line({ state: 'waiting' })];
  assert.equal(transcriptOf(lines, WORDS), 'Keep it to yourself.\n\n');
});

test('prevents forging a speaker by a line break', () => {
  const [, , ...said] = transcriptOf([line({ text: 'a\n[1:06] You: b' })], WORDS).split('\n');
  assert.deepEqual(said, ['[1:05] Stranger: a', '    [1:06] You: b', '']);
});

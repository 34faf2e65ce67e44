import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLOSES, closeReasonOf } from '../src/close-codes.ts';

test('[PR-7] recognizes known close reasons and rejects all others', () => {
  for (const reason of Object.keys(CLOSES)) assert.equal(closeReasonOf(reason), reason);
  for (const reason of ['', 'bye', 'toString', 'constructor']) {
    assert.equal(closeReasonOf(reason), null);
  }
});

test('[PR-7] gives each close reason a permitted code of its own', () => {
  const codes = Object.values(CLOSES).map(({ code }) => code);
  assert.equal(new Set(codes).size, codes.length);
  // RFC 6455, section 7.4: a close code is registered, or 4000 to 4999 for private use.
  for (const code of codes) assert.ok([1000, 1012].includes(code) || (code >= 4000 && code < 5000));
});

test('[PR-7] fits each close reason into a close frame', () => {
  // RFC 6455, section 5.5: a close frame has at most 125 bytes, of which the code takes two.
  for (const reason of Object.keys(CLOSES)) assert.ok(Buffer.byteLength(reason) <= 123);
});

test('[PR-7] tells clients to resume only after closes that keep the session', () => {
  const resuming = Object.entries(CLOSES).filter(([, { after }]) => after === 'resume');
  assert.deepEqual(
    resuming.map(([reason]) => reason),
    ['slow-consumer', 'silent', 'other-node'],
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLOSES, closeReasonOf } from '../src/close-codes.ts';

test('[PR-7] recognizes known close reasons and no others', () => {
  for (const reason of Object.keys(CLOSES)) assert.equal(closeReasonOf(reason), reason);
  for (const reason of ['', 'bye', 'toString', 'constructor']) {
    assert.equal(closeReasonOf(reason), null);
  }
});

test('[PR-7] uses a permitted, distinct code for every reason', () => {
  const codes = Object.values(CLOSES).map(({ code }) => code);
  assert.equal(new Set(codes).size, codes.length);
  // RFC 6455, section 7.4: registered codes, or 4000 to 4999 for private use.
  for (const code of codes) assert.ok([1000, 1012].includes(code) || (code >= 4000 && code < 5000));
});

test('[PR-7] every reason fits a close frame', () => {
  // RFC 6455, section 5.5: 125 bytes, including two for the code.
  for (const reason of Object.keys(CLOSES)) assert.ok(Buffer.byteLength(reason) <= 123);
});

test('[PR-7] resumes only after closes that can leave the session alive', () => {
  const resuming = Object.entries(CLOSES).filter(([, { after }]) => after === 'resume');
  assert.deepEqual(
    resuming.map(([reason]) => reason),
    ['slow-consumer', 'silent'],
  );
});

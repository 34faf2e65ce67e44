import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LINE_CHARS_MAX } from '@farandole/protocol/limits';
import fc from 'fast-check';
import { privateDetailOf } from '../src/chat/private-details.ts';
import { cpuMsOf } from './support/cpu-time.ts';

const FOUND = {
  link: [
    'https://example.org/a',
    'see HTTP://example.org',
    'www.example.org',
    'find me on example.com',
    't.me/somebody',
    'my site is exämple.fr!',
  ],
  email: ['write to ada@example.org', 'ada@example.co.uk, any time'],
  phone: [
    '+33 1 99 00 12 34',
    'call 0199-001-234',
    '(555) 010-9999',
    '٠١٢٣٤٥٦٧٨٩',
    '０１９９００１２３４',
    'it is 01.99.00.12.34, after six',
  ],
  handle: ['@some_body', 'there I am @ada.b'],
} as const;

const NOTHING = [
  'hello',
  'it is 12:30 here',
  'born on 12.10.1987, and on 1987-10-12 again',
  'that cost 1 200 euros',
  'I ran 42 km in 2024',
  'wait... what',
  'Well.In a hurry I forget the space',
  'e.g. this, i.e. that',
  '3.14159',
  'me @ home',
  '',
];

for (const [detail, texts] of Object.entries(FOUND)) {
  for (const text of texts) {
    test(`detects ${detail} in ${text}`, () => assert.equal(privateDetailOf(text), detail));
  }
}

for (const text of NOTHING) {
  test(`detects nothing private in "${text}"`, () => assert.equal(privateDetailOf(text), null));
}

test('finishes quickly for any text', () => {
  const piece = fc.constantFrom(
    '1',
    ' ',
    '.',
    '-',
    '(',
    '@',
    'a',
    'www',
    'http',
    '٣',
    '🫖',
    '\ud800',
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: LINE_CHARS_MAX }),
    fc.array(piece, { maxLength: LINE_CHARS_MAX }).map((pieces) => pieces.join('')),
  );
  fc.assert(fc.property(text, (written) => void privateDetailOf(written)));
  const ms = cpuMsOf(() => {
    for (const unit of ['1 ', '1.', '@', 'a.', '(1', 'a@a']) {
      privateDetailOf(unit.repeat(LINE_CHARS_MAX / unit.length));
    }
  });
  assert.ok(ms < 500, `${ms} ms`);
});

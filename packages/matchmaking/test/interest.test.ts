import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normaliseInterest } from '@farandole/matchmaking/interest';
import { INTEREST_CODE_POINTS_MAX, INTEREST_TEXT_UNITS_MAX } from '@farandole/matchmaking/limits';
import fc from 'fast-check';

function normalised(text: string): string {
  const result = normaliseInterest(text);
  assert.ok(result.ok, `${JSON.stringify(text)} was refused`);
  return result.value;
}

function refusal(text: string): string {
  const result = normaliseInterest(text);
  assert.ok(!result.ok, `${JSON.stringify(text)} was taken`);
  return result.reason;
}

test('[MM-2] normalizes spelling variants of an interest to one text', () => {
  for (const [one, other] of [
    ['Film', 'film'],
    ['  board \t games\n', 'board games'],
    ['ＦＩＬＭ', 'film'],
    ['ﬁlm', 'film'],
    ['Straße', 'STRASSE'],
    ['ẞ', 'ß'],
    ['ΟΔΟΣ', 'οδος'],
    ['Cafe\u0301', 'café'],
    ['❤\ufe0f', '❤'],
    ['fi\u00adlm', 'film'],
  ] as const) {
    assert.equal(normalised(one), normalised(other), `${one} and ${other}`);
  }
});

test('[MM-2] keeps interests with different meanings different', () => {
  assert.notEqual(normalised('sınıf'), normalised('sinif'));
  assert.notEqual(normalised('👩\u200d💻'), normalised('👩💻'), 'a joined emoji is one of its own');
  assert.notEqual(normalised('می\u200cخواهم'), normalised('میخواهم'));
});

test('[MM-2] removes from interests characters that reorder surrounding text', () => {
  assert.equal(normalised('\u202egames\u202c'), 'games');
  assert.equal(normalised('\u2066games\u2069'), 'games');
});

test('[MM-2] returns a normalized interest unchanged', () => {
  const again = (text: string): void => {
    const once = normaliseInterest(text);
    if (once.ok) assert.deepEqual(normaliseInterest(once.value), once, JSON.stringify(text));
  };
  for (let point = 0; point < 0x11_0000; point++) again(String.fromCodePoint(point));
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 40 }), again), { numRuns: 5_000 });
});

test('[MM-3] accepts interests of at most 32 code points in any encoding', () => {
  assert.equal(INTEREST_CODE_POINTS_MAX, 32);
  assert.equal(normalised('a'.repeat(32)), 'a'.repeat(32));
  assert.equal(refusal('a'.repeat(33)), 'interest-too-long');
  assert.equal(normalised('🎲'.repeat(32)), '🎲'.repeat(32));
  assert.equal(refusal('🎲'.repeat(33)), 'interest-too-long');
  assert.equal(refusal('ﷺ'.repeat(2)), 'interest-too-long', 'what it becomes is counted');
});

test('[MM-3] rejects an interest whose text before normalization is too long', () => {
  const spaces = (units: number): string => `a${' '.repeat(units - 2)}b`;
  assert.equal(normalised(spaces(INTEREST_TEXT_UNITS_MAX)), 'a b');
  assert.equal(refusal(spaces(INTEREST_TEXT_UNITS_MAX + 1)), 'interest-too-long');
});

test('[MM-3] rejects an interest without visible characters', () => {
  for (const nothing of ['', ' ', '\t\n', '\u200d', '\u3164', '\u202e', '\u0301']) {
    assert.equal(refusal(nothing), 'interest-empty', JSON.stringify(nothing));
  }
  assert.equal(normalised('a'), 'a');
  assert.equal(normalised('+'), '+');
});

test('[MM-3] rejects interests with control characters or lone surrogates', () => {
  for (const text of ['a\u0000b', 'a\u001bb', 'a\u0085b', 'a\ud800b', 'a\udc00']) {
    assert.equal(refusal(text), 'interest-has-control-characters', JSON.stringify(text));
  }
});

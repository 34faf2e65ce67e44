import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addChips, CHIP_CODE_POINTS_MAX, focusAfterRemoval } from '../../src/ui/chip-list.ts';

const limits = { itemsMax: 5 };

test('turns typed text into a normalised chip', () => {
  assert.deepEqual(addChips([], '  jazz   piano ', limits), {
    items: ['jazz piano'],
    refusal: null,
  });
});

test('splits at commas of any script', () => {
  assert.deepEqual(addChips(['film'], 'chess, 料理、موسيقى،jazz', limits).items, [
    'film',
    'chess',
    '料理',
    'موسيقى',
    'jazz',
  ]);
});

test('ignores empty input without an error', () => {
  assert.deepEqual(addChips(['film'], ' , ,', limits), { items: ['film'], refusal: null });
});

test('refuses a sixth chip and keeps the five', () => {
  const five = ['a', 'b', 'c', 'd', 'e'];
  assert.deepEqual(addChips(five, 'f', limits), { items: five, refusal: 'too-many' });
  assert.deepEqual(addChips(five.slice(0, 4), 'e', limits), { items: five, refusal: null });
});

test('accepts 32 code points and refuses 33 of any width', () => {
  const longest = '🎻'.repeat(CHIP_CODE_POINTS_MAX);
  assert.deepEqual(addChips([], longest, limits), { items: [longest], refusal: null });
  assert.deepEqual(addChips([], `${longest}a`, limits), { items: [], refusal: 'too-long' });
});

test('refuses duplicates regardless of case and width', () => {
  assert.equal(addChips(['film'], 'FILM', limits).refusal, 'twice');
  assert.equal(addChips(['film'], 'ＦＩＬＭ', limits).refusal, 'twice');
});

test('refuses control characters', () => {
  assert.equal(addChips([], 'a\u0007b', limits).refusal, 'bad-characters');
});

test('keeps chips entered before a refused one', () => {
  assert.deepEqual(addChips([], 'film, FILM, chess', limits), {
    items: ['film'],
    refusal: 'twice',
  });
});

test('keeps existing chips and the limit for any input', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 5 }),
      fc.string({ unit: 'grapheme', maxLength: 80 }),
      (before, typed) => {
        const { items } = addChips(before, typed, limits);
        assert.deepEqual(items.slice(0, before.length), before);
        assert.ok(items.length <= 5);
        for (const item of items) assert.equal(item, item.trim());
      },
    ),
  );
});

test('focuses the chip that moves up, else the field', () => {
  assert.equal(focusAfterRemoval(0, 3), 0);
  assert.equal(focusAfterRemoval(2, 3), 'field');
  assert.equal(focusAfterRemoval(0, 1), 'field');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addChips, CHIP_CODE_POINTS_MAX, focusAfterRemoval } from '../../src/ui/chip-list.ts';

const limits = { itemsMax: 5 };

test('what is typed becomes a chip, evened out', () => {
  assert.deepEqual(addChips([], '  jazz   piano ', limits), {
    items: ['jazz piano'],
    refusal: null,
  });
});

test('commas of any script part several', () => {
  assert.deepEqual(addChips(['film'], 'chess, 料理、موسيقى،jazz', limits).items, [
    'film',
    'chess',
    '料理',
    'موسيقى',
    'jazz',
  ]);
});

test('nothing typed adds nothing and is no fault', () => {
  assert.deepEqual(addChips(['film'], ' , ,', limits), { items: ['film'], refusal: null });
});

test('a sixth is refused, and the five stay', () => {
  const five = ['a', 'b', 'c', 'd', 'e'];
  assert.deepEqual(addChips(five, 'f', limits), { items: five, refusal: 'too-many' });
  assert.deepEqual(addChips(five.slice(0, 4), 'e', limits), { items: five, refusal: null });
});

test('32 code points are taken and 33 are not, however many units they take', () => {
  const longest = '🎻'.repeat(CHIP_CODE_POINTS_MAX);
  assert.deepEqual(addChips([], longest, limits), { items: [longest], refusal: null });
  assert.deepEqual(addChips([], `${longest}a`, limits), { items: [], refusal: 'too-long' });
});

test('the same twice is refused, whatever its case or width', () => {
  assert.equal(addChips(['film'], 'FILM', limits).refusal, 'twice');
  assert.equal(addChips(['film'], 'ＦＩＬＭ', limits).refusal, 'twice');
});

test('a control character is refused', () => {
  assert.equal(addChips([], 'a\u0007b', limits).refusal, 'bad-characters');
});

test('what comes before a refusal is kept', () => {
  assert.deepEqual(addChips([], 'film, FILM, chess', limits), {
    items: ['film'],
    refusal: 'twice',
  });
});

test('whatever is typed, what was there stays and the limit holds', () => {
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

test('the focus goes to the chip that moves up, else to the field', () => {
  assert.equal(focusAfterRemoval(0, 3), 0);
  assert.equal(focusAfterRemoval(2, 3), 'field');
  assert.equal(focusAfterRemoval(0, 1), 'field');
});

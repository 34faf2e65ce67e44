import assert from 'node:assert/strict';
import { test } from 'node:test';
import { INTERESTS_MAX } from '@farandole/protocol/limits';
import { readLocales } from '@farandole/ui/scripts/locales';
import fc from 'fast-check';
import { addChips, CHIP_CODE_POINTS_MAX, focusAfterRemoval } from '../../src/ui/chip-list.ts';
import {
  folded,
  type Marked,
  markNext,
  SUGGESTIONS_MAX,
  suggest,
} from '../../src/ui/suggestions.ts';

const limits = { itemsMax: 5 };

test('turns typed text into a normalised interest', () => {
  assert.deepEqual(addChips([], '  jazz   piano ', limits), {
    items: ['jazz piano'],
    refusal: null,
  });
});

test('splits typed interests at commas of any script', () => {
  assert.deepEqual(addChips(['film'], 'chess, 料理、موسيقى،jazz', limits).items, [
    'film',
    'chess',
    '料理',
    'موسيقى',
    'jazz',
  ]);
});

test('ignores empty interests without an error', () => {
  assert.deepEqual(addChips(['film'], ' , ,', limits), { items: ['film'], refusal: null });
});

test('refuses a sixth interest and keeps the other five', () => {
  const five = ['a', 'b', 'c', 'd', 'e'];
  assert.deepEqual(addChips(five, 'f', limits), { items: five, refusal: 'too-many' });
  assert.deepEqual(addChips(five.slice(0, 4), 'e', limits), { items: five, refusal: null });
});

test('accepts interests of 32 code points and refuses 33 code points', () => {
  const longest = '🎻'.repeat(CHIP_CODE_POINTS_MAX);
  assert.deepEqual(addChips([], longest, limits), { items: [longest], refusal: null });
  assert.deepEqual(addChips([], `${longest}a`, limits), { items: [], refusal: 'too-long' });
});

test('refuses duplicate interests regardless of case and width', () => {
  assert.equal(addChips(['film'], 'FILM', limits).refusal, 'twice');
  assert.equal(addChips(['film'], 'ＦＩＬＭ', limits).refusal, 'twice');
});

test('refuses control characters in an interest', () => {
  assert.equal(addChips([], 'a\u0007b', limits).refusal, 'bad-characters');
});

test('keeps the interests typed before a refused one', () => {
  assert.deepEqual(addChips([], 'film, FILM, chess', limits), {
    items: ['film'],
    refusal: 'twice',
  });
});

test('for any typed text keeps existing interests and their maximum number', () => {
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

test('focuses the next interest after a removal, or else the text field', () => {
  assert.equal(focusAfterRemoval(0, 3), 0);
  assert.equal(focusAfterRemoval(2, 3), 'field');
  assert.equal(focusAfterRemoval(0, 1), 'field');
});

const KNOWN = ['chess', 'échecs', 'œufs', 'board games', 'video games', 'gardening'];

test('suggests interests regardless of accents, ligatures and case', () => {
  assert.deepEqual(suggest(KNOWN, 'ECH', []), ['échecs']);
  assert.deepEqual(suggest(KNOWN, 'oeu', []), ['œufs']);
  assert.deepEqual(suggest(KNOWN, 'Éc', []), ['échecs']);
  assert.deepEqual(suggest(KNOWN, 'ＣＨＥ', []), ['chess', 'échecs']);
});

test('ranks interests that start with the typed text first', () => {
  assert.deepEqual(suggest(KNOWN, 'ga', []), ['gardening', 'board games', 'video games']);
});

test('suggests no interest for empty text', () => {
  assert.deepEqual(suggest(KNOWN, '  ', []), []);
});

test("doesn't suggest interests that are chosen or fully typed", () => {
  assert.deepEqual(suggest(KNOWN, 'gam', ['Board  Games']), ['video games']);
  assert.deepEqual(suggest(KNOWN, 'Echecs', []), []);
});

test('suggests only known, matching interests that can be added', () => {
  const texts = fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }));
  fc.assert(
    fc.property(texts, fc.string({ maxLength: 2 }), texts, (known, typed, chosen) => {
      const found = suggest(known, typed, chosen);
      assert.ok(found.length <= SUGGESTIONS_MAX);
      for (const item of found) {
        assert.ok(known.includes(item));
        assert.ok(folded(item).includes(folded(typed)));
        assert.ok(!chosen.map(folded).includes(folded(item)));
      }
    }),
  );
});

test('cycles through suggestions and typed text by arrow keys', () => {
  const walk = (step: 'down' | 'up'): Marked[] => {
    const marks: Marked[] = [null];
    for (let i = 0; i < 3; i++) marks.push(markNext(marks.at(-1) ?? null, step, 2));
    return marks;
  };
  assert.deepEqual(walk('down'), [null, 0, 1, null]);
  assert.deepEqual(walk('up'), [null, 1, 0, null]);
  assert.equal(markNext(null, 'down', 0), null);
});

for (const [language, list] of Object.entries(readLocales('interests'))) {
  test(`lists only addable and distinct suggested interests in ${language}`, () => {
    assert.ok(list.length >= 100);
    assert.equal(new Set(list.map(folded)).size, list.length);
    for (const item of list) {
      const { items, refusal } = addChips([], item, { itemsMax: INTERESTS_MAX });
      assert.deepEqual({ items, refusal }, { items: [item], refusal: null });
    }
  });
}

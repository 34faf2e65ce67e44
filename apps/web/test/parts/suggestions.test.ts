import assert from 'node:assert/strict';
import { test } from 'node:test';
import { INTERESTS_MAX } from '@farandole/protocol/limits';
import { readLocales } from '@farandole/ui/scripts/locales';
import fc from 'fast-check';
import { addChips } from '../../src/ui/chip-list.ts';
import {
  folded,
  type Marked,
  markNext,
  SUGGESTIONS_MAX,
  suggest,
} from '../../src/ui/suggestions.ts';

const KNOWN = ['chess', 'échecs', 'œufs', 'board games', 'video games', 'gardening'];

test('accents, ligatures and case make no difference', () => {
  assert.deepEqual(suggest(KNOWN, 'ECH', []), ['échecs']);
  assert.deepEqual(suggest(KNOWN, 'oeu', []), ['œufs']);
  assert.deepEqual(suggest(KNOWN, 'Éc', []), ['échecs']);
  assert.deepEqual(suggest(KNOWN, 'ＣＨＥ', []), ['chess', 'échecs']);
});

test('what begins so comes before what has it within', () => {
  assert.deepEqual(suggest(KNOWN, 'ga', []), ['gardening', 'board games', 'video games']);
});

test('nothing typed suggests nothing', () => {
  assert.deepEqual(suggest(KNOWN, '  ', []), []);
});

test('what is chosen, or typed whole, is not suggested', () => {
  assert.deepEqual(suggest(KNOWN, 'gam', ['Board  Games']), ['video games']);
  assert.deepEqual(suggest(KNOWN, 'Echecs', []), []);
});

test('a suggestion is known, has what was typed, and is one that can be added', () => {
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

test('the arrow keys go round by way of the text', () => {
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
  test(`the ${language} interests can each be added, and none is there twice`, () => {
    assert.ok(list.length >= 100);
    assert.equal(new Set(list.map(folded)).size, list.length);
    for (const item of list) {
      const { items, refusal } = addChips([], item, { itemsMax: INTERESTS_MAX });
      assert.deepEqual({ items, refusal }, { items: [item], refusal: null });
    }
  });
}

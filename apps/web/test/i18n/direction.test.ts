import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isolated, listOf, typed } from '../../src/i18n/words.ts';

test("isolates user text from a sentence's direction", () => {
  assert.equal(listOf(['قهوة', 'film'], 'disjunction'), '\u2068قهوة\u2069 or \u2068film\u2069');
  assert.equal(listOf([], 'conjunction'), '');
});

test('removes isolation marks from a sentence used as a draft', () => {
  assert.equal(
    typed(`What do you like about ${isolated('قهوة')}?`),
    'What do you like about قهوة?',
  );
  assert.equal(typed(listOf(['film', 'chess'], 'conjunction')), 'film and chess');
});

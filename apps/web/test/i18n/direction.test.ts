import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isolated, listOf, typed } from '../../src/i18n/words.ts';

test('what people wrote has no say in the direction of a sentence, nor of the next word', () => {
  assert.equal(listOf(['قهوة', 'film'], 'disjunction'), '\u2068قهوة\u2069 or \u2068film\u2069');
  assert.equal(listOf([], 'conjunction'), '');
});

test('a sentence that becomes a draft is as somebody would type it', () => {
  assert.equal(
    typed(`What do you like about ${isolated('قهوة')}?`),
    'What do you like about قهوة?',
  );
  assert.equal(typed(listOf(['film', 'chess'], 'conjunction')), 'film and chess');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLocale } from '@farandole/ui/scripts/locales';
import type { WordTree } from '@farandole/ui/sentences';
import { pseudoSentence, pseudoWords } from '../../src/gallery/pseudo-words.ts';

function sentencesOf(tree: WordTree): string[] {
  return Object.values(tree).flatMap((value) =>
    typeof value === 'string' ? [value] : sentencesOf(value),
  );
}

test('accents letters in test sentences but keeps placeholders, signs and order', () => {
  assert.equal(pseudoSentence('Remove {{item}}?'), 'Ŕééɱóóṽéé {{item}}?');
  assert.equal(pseudoSentence('18+'), '18+');
  assert.equal(pseudoSentence('Hmm.'), 'Ĥɱɱɱɱ.');
});

test('lengthens every English sentence by 40 % for tests; keeps sentences distinct', () => {
  for (const file of ['page-first', 'page-rest'] as const) {
    const words = readLocale('en', file);
    const sentences = sentencesOf(words);
    const pseudo = sentencesOf(pseudoWords(words));
    assert.equal(new Set(pseudo).size, new Set(sentences).size);
    for (const [at, sentence] of sentences.entries()) {
      const plain = sentence.replaceAll(/\{\{[^}]*\}\}/gu, '');
      const grown = (pseudo[at] ?? '').replaceAll(/\{\{[^}]*\}\}/gu, '');
      const letters = plain.replaceAll(/[^a-z]/giu, '').length;
      assert.doesNotMatch(grown, /[a-z]/iu, sentence);
      assert.ok(grown.length >= plain.length + Math.floor(letters * 0.4), sentence);
    }
  }
});

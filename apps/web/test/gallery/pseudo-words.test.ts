import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { WordTree } from '@farandole/ui/sentences';
import { pseudoSentence, pseudoWords } from '../../src/gallery/pseudo-words.ts';

const english = join(import.meta.dirname, '..', '..', 'src', 'i18n', 'en');

function sentencesOf(tree: WordTree): string[] {
  return Object.values(tree).flatMap((value) =>
    typeof value === 'string' ? [value] : sentencesOf(value),
  );
}

test('a pseudo sentence keeps its gaps, its signs and its order, and no plain letter', () => {
  assert.equal(pseudoSentence('Remove {{item}}?'), 'Ŕééɱóóṽéé {{item}}?');
  assert.equal(pseudoSentence('18+'), '18+');
  assert.equal(pseudoSentence('Hmm.'), 'Ĥɱɱɱɱ.');
});

test('every English sentence grows by two fifths, and can still be told from any other', () => {
  for (const file of ['first.json', 'rest.json']) {
    const words = JSON.parse(readFileSync(join(english, file), 'utf8')) as WordTree;
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

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseLanguage } from '../src/language.ts';

const LANGUAGES = { en: 1, fr: 1, pt: 1, 'pt-BR': 1 };

test('returns the first wanted language that is available', () => {
  assert.equal(chooseLanguage(['fr', 'en-GB'], LANGUAGES), 'fr');
  assert.equal(chooseLanguage([null, 'xx', 'fr-CA'], LANGUAGES), 'fr');
  assert.equal(chooseLanguage(['de-AT', 'FR-be', 'en'], LANGUAGES), 'fr');
});

test('prefers a regional variant to the plain language', () => {
  assert.equal(chooseLanguage(['PT-br'], LANGUAGES), 'pt-BR');
  assert.equal(chooseLanguage(['pt-PT'], LANGUAGES), 'pt');
});

test('falls back to English when no wanted language is available', () => {
  for (const tag of [null, '', '-', 'de', 'fry', 'toString', '__proto__']) {
    assert.equal(chooseLanguage([tag], LANGUAGES), 'en');
  }
  assert.equal(chooseLanguage([], LANGUAGES), 'en');
});

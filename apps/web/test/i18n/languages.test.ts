import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choosePageLanguage } from '../../src/i18n/languages.ts';

test('what was chosen here before comes first', () => {
  assert.equal(choosePageLanguage('fr', ['en-GB']), 'fr');
});

test('a remembered language that the page does not speak is passed over', () => {
  assert.equal(choosePageLanguage('xx', ['fr-CA']), 'fr');
  assert.equal(choosePageLanguage('toString', ['fr-CA']), 'fr');
});

test('the first of the browser’s languages that the page speaks is taken, whatever its region', () => {
  assert.equal(choosePageLanguage(null, ['de-AT', 'FR-be', 'en']), 'fr');
});

test('English where none fits', () => {
  assert.equal(choosePageLanguage(null, ['de', 'ja']), 'en');
  assert.equal(choosePageLanguage(null, []), 'en');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { helpListOf, nearestFirst } from '../../src/ui/help-list.ts';

const NAMES = { DE: 'Germany', FR: 'France', AT: 'Austria' } as const;
const nameOf = (country: string): string => NAMES[country as keyof typeof NAMES] ?? country;

test('shows no, one or several helplines as configured', () => {
  assert.deepEqual(helpListOf(null), []);
  for (const href of ['tel:116111', 'https://example.org/?FR=tel:1,DE=tel:2']) {
    assert.deepEqual(helpListOf(href), [{ country: null, href }]);
  }
  assert.deepEqual(helpListOf('FR=tel:3114,DE=https://example.org/a,b?x=1,AT=tel:142'), [
    { country: 'FR', href: 'tel:3114' },
    { country: 'DE', href: 'https://example.org/a,b?x=1' },
    { country: 'AT', href: 'tel:142' },
  ]);
});

test("lists the browser's countries first, the others by name", () => {
  const lines = helpListOf('FR=tel:3114,DE=tel:1,AT=tel:142');
  const countries = (...wanted: string[]) =>
    nearestFirst(lines, wanted, nameOf).map(({ country }) => country);
  assert.deepEqual(countries('de-DE', 'fr-FR'), ['DE', 'FR', 'AT']);
  assert.deepEqual(countries('zh-Hant-FR'), ['FR', 'AT', 'DE']);
  assert.deepEqual(countries('fr', 'de-CH', 'no-such-tag'), ['AT', 'FR', 'DE']);
  assert.deepEqual(countries(), ['AT', 'FR', 'DE']);
});

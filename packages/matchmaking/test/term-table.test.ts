import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TermTable } from '@farandole/matchmaking/term-table';

test("[MM-65] keeps an interest's or language's number while a ticket uses it", () => {
  const terms = new TermTable(4);
  const go = terms.acquire('interest', 'go');
  assert.equal(go, 4);
  assert.equal(terms.acquire('interest', 'go'), go);
  assert.equal(terms.bearing(go), 2);
  terms.release(go);
  assert.equal(terms.find('interest', 'go'), go);
  terms.release(go);
  assert.equal(terms.find('interest', 'go'), null);
  assert.equal(terms.size, 0);
  assert.throws(() => terms.release(go), /without tickets/);
});

test('[MM-65] reuses the number of an interest or language that no ticket has', () => {
  const terms = new TermTable(0);
  for (let i = 0; i < 1_000; i++) terms.release(terms.acquire('interest', `interest ${i}`));
  assert.equal(terms.end, 1);
});

test('[MM-65] gives an interest and a language of one spelling different numbers', () => {
  const terms = new TermTable(0);
  const interest = terms.acquire('interest', 'go');
  const language = terms.acquire('language', 'go');
  assert.notEqual(interest, language);
  assert.equal(terms.text(interest), 'go');
  assert.equal(terms.text(language), 'go');
  terms.release(interest);
  assert.equal(terms.find('language', 'go'), language);
});

test('[MM-65] gives 5,000 interests different numbers in a table that grows', () => {
  const terms = new TermTable(4);
  const numbers = new Set(
    Array.from({ length: 5_000 }, (_, i) => terms.acquire('interest', `${i}`)),
  );
  assert.equal(numbers.size, 5_000);
  assert.equal(terms.size, 5_000);
  for (const number of numbers) assert.equal(terms.bearing(number), 1);
});

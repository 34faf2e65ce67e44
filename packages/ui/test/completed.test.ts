import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completed } from '../scripts/completed.ts';

test('adds missing texts in English at every depth', () => {
  const english = {
    close: 'Close',
    chat: { send: 'Send', edit: 'Edit' },
    rules: { title: 'Rules' },
  };
  const words = { close: 'Fermer', chat: { send: 'Envoyer' } } as typeof english;
  assert.deepEqual(completed(words, english), {
    close: 'Fermer',
    chat: { send: 'Envoyer', edit: 'Edit' },
    rules: { title: 'Rules' },
  });
});

test('adds no plural form of a text that the language has in its own forms', () => {
  const english = { left_one: '{{count}} left', left_other: '{{count}} left', new_one: 'new' };
  const words = { left_other: 'あと{{count}}' } as typeof english;
  assert.deepEqual(completed(words, english), { left_other: 'あと{{count}}', new_one: 'new' });
});

test('leaves lists and texts of its own as they are', () => {
  assert.deepEqual(completed(['cinéma'], ['films', 'chess']), ['cinéma']);
  assert.deepEqual(completed({ a: 'x', b: 'y' }, { a: 'z' } as never), { a: 'x', b: 'y' });
});

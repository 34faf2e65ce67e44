import assert from 'node:assert/strict';
import { test } from 'node:test';
import { directionOf, Sentences } from '../src/sentences.ts';

const sentences = new Sentences();
sentences.add('en', 'first', {
  hello: 'Hello {{name}}, {{name}}!',
  deep: { er: 'down' },
  left: {
    message_zero: 'none',
    message_one: '{{count}} message',
    message_other: '{{count}} messages',
  },
});
sentences.add('en', 'rest', { later: 'later', hello: 'never said' });
sentences.add('fr', 'first', {
  left: { message_one: '{{count}} mot', message_other: '{{count}} mots' },
});

test('a sentence is found by its name, in any file of its language, the first before the rest', () => {
  assert.equal(sentences.say('en', 'deep.er', {}), 'down');
  assert.equal(sentences.say('en', 'later', {}), 'later');
  assert.equal(sentences.say('en', 'hello', { name: 'Bo' }), 'Hello Bo, Bo!');
});

test('a plural is said as its language counts, with a form of its own for none', () => {
  const say = (language: string, count: number) =>
    sentences.say(language, 'left.message', { count });
  assert.deepEqual(
    [0, 1, 2].map((n) => say('en', n)),
    ['none', '1 message', '2 messages'],
  );
  assert.deepEqual(
    [0, 1, 2].map((n) => say('fr', n)),
    ['0 mot', '1 mot', '2 mots'],
  );
});

test('what people write is never read as a name, a gap or a pattern', () => {
  assert.equal(
    sentences.say('en', 'hello', { name: '{{count}} $& $1' }),
    'Hello {{count}} $& $1, {{count}} $& $1!',
  );
});

test('what is missing shows as itself, and throws nothing', () => {
  for (const name of ['nothing', 'deep', 'deep.er.still', 'constructor', 'deep.constructor', '']) {
    assert.equal(sentences.say('en', name, {}), name);
  }
  assert.equal(sentences.say('de', 'hello', {}), 'hello');
  assert.equal(sentences.say('en', 'hello', {}), 'Hello {{name}}, {{name}}!');
});

test('the page turns round for languages that do', () => {
  assert.deepEqual(['en', 'fr', 'ar', 'he-IL'].map(directionOf), ['ltr', 'ltr', 'rtl', 'rtl']);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sentences, unparted } from '../src/sentences.ts';

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

test('finds a sentence in any file of its language; earlier files win', () => {
  assert.equal(sentences.say('en', 'deep.er', {}), 'down');
  assert.equal(sentences.say('en', 'later', {}), 'later');
  assert.equal(sentences.say('en', 'hello', { name: 'Bo' }), 'Hello Bo, Bo!');
});

test('chooses a sentence’s plural form by language, with a form for zero', () => {
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

test('never interprets user text as a name, a placeholder or a pattern', () => {
  assert.equal(
    sentences.say('en', 'hello', { name: '{{count}} $& $1' }),
    'Hello {{count}} $& $1, {{count}} $& $1!',
  );
});

test('shows the name of a missing sentence instead of throwing', () => {
  for (const name of ['nothing', 'deep', 'deep.er.still', 'constructor', 'deep.constructor', '']) {
    assert.equal(sentences.say('en', name, {}), name);
  }
  assert.equal(sentences.say('de', 'hello', {}), 'hello');
  assert.equal(sentences.say('en', 'hello', {}), 'Hello {{name}}, {{name}}!');
});

test('allows a line break in a time only between date and time', () => {
  const parted = (moment: string) => unparted(moment).split(' ');
  assert.deepEqual(parted('14 décembre 2026 à 17:00'), [
    '14\u00a0décembre\u00a02026',
    'à\u00a017:00',
  ]);
  assert.deepEqual(parted('14 de diciembre de 2026 a las 17:00'), [
    '14\u00a0de\u00a0diciembre',
    'de\u00a02026',
    'a\u00a0las\u00a017:00',
  ]);
  assert.deepEqual(parted('Dec 14, 2026, 5:00 PM'), ['Dec\u00a014,\u00a02026,', '5:00\u00a0PM']);
  assert.deepEqual(parted('Friday 6:30 PM'), ['Friday\u00a06:30\u00a0PM']);
});

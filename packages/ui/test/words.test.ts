import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type LoadWords, Words } from '../src/words.ts';

const LANGUAGES = {
  en: { name: 'English', direction: 'ltr' },
  fr: { name: 'Français', direction: 'ltr' },
};
const first: LoadWords = async (language) => ({ hello: `hello in ${language}` });
const rest: LoadWords = async (language) => ({ bye: `bye in ${language}` });

test('returns sentences of the language files loaded first and added later', async () => {
  const words = new Words<'hello' | 'bye'>(LANGUAGES, [first]);
  await words.load('en');
  assert.equal(words.say('hello', {}), 'hello in en');
  assert.equal(words.say('bye', {}), 'bye');
  await words.add(rest);
  assert.equal(words.say('bye', {}), 'bye in en');
});

test('fetches no language file before a screen needs it', async () => {
  const asked: string[] = [];
  const noting = (file: string): LoadWords => {
    return async (language) => {
      asked.push(`${language} ${file}`);
      return {};
    };
  };
  const words = new Words(LANGUAGES, [noting('first')]);
  await words.load('fr');
  assert.deepEqual(asked, ['fr first']);
  await words.add(noting('rest'));
  await words.load('fr');
  assert.deepEqual(asked, ['fr first', 'en rest', 'fr first', 'fr rest']);
});

test('keeps the language when another language’s file fails to load', async () => {
  const onlyEnglish: LoadWords = async (language) => {
    if (language !== 'en') throw new Error('offline');
    return { hello: 'hello' };
  };
  const words = new Words<'hello'>(LANGUAGES, [onlyEnglish]);
  await words.load('en');
  await assert.rejects(words.use('fr'), /offline/);
  assert.equal(words.language, 'en');
  assert.equal(words.say('hello', {}), 'hello');
});

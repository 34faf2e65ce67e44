import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QUESTION_CHARS_MAX } from '../src/limits.ts';
import { questionFaultOf, questionKey, tidyQuestion } from '../src/question.ts';

test('[PR-150] accepts ordinary questions in all languages', () => {
  for (const question of [
    'Is it better to travel alone or with friends?',
    'What would you do with an hour more each day?',
    'Vaut-il mieux voyager seul ou avec des amis ?',
    '¿Qué comida no podrías dejar de comer?',
    'Praia ou montanha, e por quê?',
    'Was ist das schönste Geräusch am Morgen?',
    'ما أجمل صوت في الصباح؟',
    'Would you rather have 10 000 books or 1 000 records?',
    'Do cats understand us? I think so. What do you think?',
  ]) {
    assert.equal(questionFaultOf(question), null, question);
  }
});

test('[PR-150] names the fault of a question', () => {
  const faultOf = (text: string) => questionFaultOf(tidyQuestion(text));
  assert.equal(faultOf('   '), 'empty');
  assert.equal(faultOf('???'), 'empty');
  assert.equal(faultOf('What\u0007is this?'), 'bad-characters');
  assert.equal(faultOf('Will you write to me at tea@example.org?'), 'contact');
  assert.equal(faultOf('Can you call 0170 1234567 for me?'), 'contact');
  assert.equal(faultOf('What do you think of https://example.org/page ?'), 'link');
  assert.equal(faultOf('What do you think of Dr. Who, then?'), 'name');
  assert.equal(faultOf('My name is a secret, can you guess it?'), 'name');
  assert.equal(faultOf('What do you think of Ada Lovelace?'), 'name');
});

test('[PR-150] accepts the longest question and refuses one more character', () => {
  const text = 'why '.repeat(QUESTION_CHARS_MAX / 4 - 1);
  assert.equal(questionFaultOf(text.padEnd(QUESTION_CHARS_MAX, '?')), null);
  assert.equal(questionFaultOf(text.padEnd(QUESTION_CHARS_MAX + 1, '?')), 'too-long');
});

test('[PR-151] recognises a question in another writing', () => {
  assert.equal(tidyQuestion('  Tea \n or   coffee? '), 'Tea or coffee?');
  for (const other of [
    'tea or coffee',
    'TEA, or coffee?!',
    'Tea or\u200B coffee ?',
    'Ｔea or coffee?',
  ]) {
    assert.equal(questionKey(other), questionKey('Tea or coffee?'), other);
  }
  assert.notEqual(questionKey('Tea or cocoa?'), questionKey('Tea or coffee?'));
});

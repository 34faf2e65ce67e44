import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ReportedPair } from '@farandole/moderation/store/stored';
import { words } from '../src/i18n/words.ts';
import { callInWords } from '../src/parts/call-words.ts';

await words.load('en');

const PAIR: ReportedPair = {
  atMs: 0,
  mode: 'video',
  age: 'declared',
  policy: 3,
  reporter: { tier: 'good', circle: 'good' },
  reported: { tier: 'new', circle: 'normal' },
};

test('[MO-98] says how two users were matched, skipping unknown parts', () => {
  assert.deepEqual(callInWords(PAIR), [
    'by video',
    'age as they said',
    'reporter: Good standing',
    'reported: New here',
    'rules 3',
  ]);
  const bare = { ...PAIR, mode: null, age: 'of another version', reporter: null, reported: null };
  assert.deepEqual(callInWords(bare), ['rules 3']);
});

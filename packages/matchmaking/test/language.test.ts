import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normaliseLanguage, primaryLanguage } from '@farandole/matchmaking/language';
import { LANGUAGE_UNITS_MAX } from '@farandole/matchmaking/limits';
import fc from 'fast-check';

test('[MM-4] returns the canonical form of a language tag', () => {
  for (const [tag, canonical] of [
    ['EN-gb', 'en-GB'],
    ['pt-br', 'pt-BR'],
    ['zh-hant-tw', 'zh-Hant-TW'],
    ['iw', 'he'],
    ['en-u-ca-buddhist', 'en'],
    ['de-x-private', 'de'],
  ]) {
    assert.deepEqual(normaliseLanguage(tag as string), { ok: true, value: canonical }, tag);
  }
});

test('[MM-4] rejects a tag without a language', () => {
  for (const tag of ['', 'e', 'english please', 'en_GB', 'und', 'und-Latn', 'x-private', '12']) {
    assert.deepEqual(normaliseLanguage(tag), { ok: false, reason: 'language-malformed' }, tag);
  }
});

test('[MM-4] rejects language tags of more than 35 characters', () => {
  const longest = 'de-Latn-DE-1996-u-co-phonebk-va-one';
  assert.equal(longest.length, LANGUAGE_UNITS_MAX);
  assert.deepEqual(normaliseLanguage(longest), { ok: true, value: 'de-Latn-DE-1996' });
  assert.equal(normaliseLanguage(`${longest}a`).ok, false);
});

test('[MM-4] normalizes any text to a stable language tag without throwing', () => {
  const anything = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.stringMatching(/^[a-z]{2,3}(-[A-Za-z]{4})?(-[A-Z]{2})?$/),
  );
  fc.assert(
    fc.property(anything, (text) => {
      const once = normaliseLanguage(text);
      if (once.ok) assert.deepEqual(normaliseLanguage(once.value), once);
    }),
    { numRuns: 2_000 },
  );
});

test('[MM-4] parses a language tag the same after thousands of other tags', () => {
  for (let i = 0; i < 3_000; i++) {
    const tag = `EN-${String(i).padStart(5, 'a')}`;
    assert.deepEqual(normaliseLanguage(tag), normaliseLanguage(tag.toLowerCase()), tag);
    assert.deepEqual(normaliseLanguage('EN-gb'), { ok: true, value: 'en-GB' });
    assert.equal(normaliseLanguage('x-no').ok, false);
  }
});

test('[MM-4] returns one primary language for tags with different regions or scripts', () => {
  assert.equal(primaryLanguage('pt-BR'), primaryLanguage('pt-PT'));
  assert.equal(primaryLanguage('zh-Hant-TW'), 'zh');
  assert.equal(primaryLanguage('en'), 'en');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clockOf, secondsAgo, secondsLeft, spanOf, spanOfHours } from '../../src/a11y/durations.ts';
import { loudnessOf } from '../../src/devices/browser-audio-meter.ts';
import { gateStep } from '../../src/screens/gate.ts';
import { hoursHere } from '../../src/ui/hours-here.ts';
import { houseWords } from '../../src/ui/house-words.ts';
import { sitePageOf } from '../../src/ui/site-page.ts';
import { firstLanguages, offeredLanguages, primaryOf } from '../../src/ui/spoken-languages.ts';

test('formats minutes and seconds, and hours if any', () => {
  assert.equal(clockOf(-5), '0:00');
  assert.equal(clockOf(999), '0:00');
  assert.equal(clockOf(7_400), '0:07');
  assert.equal(clockOf(750_000), '12:30');
  assert.equal(clockOf(3_599_999), '59:59');
  assert.equal(clockOf(3_723_000), '1:02:03');
});

test('counts down to 0 only when nothing remains', () => {
  assert.equal(secondsLeft(20_000), 20);
  assert.equal(secondsLeft(1), 1);
  assert.equal(secondsLeft(0), 0);
  assert.equal(secondsLeft(-1), 0);
});

test('shows at least one second and only whole past seconds', () => {
  assert.equal(secondsAgo(0), 1);
  assert.equal(secondsAgo(10_999), 10);
});

test("formats a call's length in a natural unit", () => {
  assert.deepEqual(spanOf(0), { unit: 'seconds', count: 1 });
  assert.deepEqual(spanOf(42_300), { unit: 'seconds', count: 42 });
  assert.deepEqual(spanOf(59_499), { unit: 'seconds', count: 59 });
  assert.deepEqual(spanOf(59_500), { unit: 'minutes', count: 1 });
  assert.deepEqual(spanOf(252_000), { unit: 'minutes', count: 4 });
});

test('formats hours as whole days from two on', () => {
  assert.deepEqual(spanOfHours(1), { unit: 'hours', count: 1 });
  assert.deepEqual(spanOfHours(24), { unit: 'hours', count: 24 });
  assert.deepEqual(spanOfHours(48), { unit: 'days', count: 2 });
  assert.deepEqual(spanOfHours(50), { unit: 'hours', count: 50 });
});

test("shows house rules in the page's language or the available one", () => {
  const rules = { version: 1, en: 'Films.', fr: 'Cinéma.' };
  assert.deepEqual(houseWords(rules, 'fr'), { text: 'Cinéma.', language: 'fr' });
  assert.deepEqual(houseWords({ ...rules, fr: '' }, 'fr'), { text: 'Films.', language: 'en' });
  assert.deepEqual(houseWords({ ...rules, en: '' }, 'en'), { text: 'Cinéma.', language: 'fr' });
  assert.deepEqual(houseWords({ ...rules, de: 'Filme.' }, 'de'), {
    text: 'Filme.',
    language: 'de',
  });
  assert.deepEqual(houseWords({ version: 2, de: 'Filme.' }, 'fr'), {
    text: 'Filme.',
    language: 'de',
  });
});

test('formats local hours, with minutes if the time zone needs them', (t) => {
  const zone = process.env.TZ;
  t.after(() => {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  });
  const winter = Date.UTC(2026, 10, 26, 23, 59);
  const at = (timeZone: string, language: string, nowMs = winter) => {
    process.env.TZ = timeZone;
    const { from, until } = hoursHere({ fromUtcHour: 22, hours: 3 }, language, nowMs);
    return `${from}, ${until}`.replaceAll(/[\u00a0\u202f]/gu, ' ');
  };
  assert.equal(at('Europe/Paris', 'fr'), '23 h, 2 h');
  assert.equal(at('Europe/Paris', 'fr', Date.UTC(2026, 6, 1)), '0 h, 3 h');
  assert.equal(at('America/New_York', 'en'), '5 PM, 8 PM');
  assert.equal(at('Asia/Kolkata', 'en'), '3:30 AM, 6:30 AM');
});

test('maps loudness to even decibel steps', () => {
  const tone = (amplitude: number) => new Float32Array(64).fill(amplitude);
  assert.equal(loudnessOf(new Float32Array(0)), 0);
  assert.equal(loudnessOf(tone(0)), 0);
  assert.equal(loudnessOf(tone(1)), 1);
  const [quiet, middle, loud] = [-48, -36, -24].map((db) => loudnessOf(tone(10 ** (db / 20))));
  assert.ok(quiet !== undefined && middle !== undefined && loud !== undefined);
  assert.ok(Math.abs(middle - quiet - (loud - middle)) < 1e-6);
  assert.ok(Math.abs(middle - 0.5) < 1e-6);
});

test('recognises only the fragments of text pages', () => {
  assert.equal(sitePageOf('#safety'), 'safety');
  assert.equal(sitePageOf('#privacy'), 'privacy');
  assert.equal(sitePageOf(''), null);
  assert.equal(sitePageOf('#'), null);
  assert.equal(sitePageOf('#message'), null);
});

test("offers each unchosen language once, including the browser's", () => {
  const offered = offeredLanguages(['oc-FR', 'fr-FR', 'not a tag'], ['en', 'pt-BR']);
  assert.equal(offered[0], 'oc');
  assert.equal(offered.filter((tag) => tag === 'fr').length, 1);
  assert.ok(!offered.includes('en'));
  assert.ok(!offered.includes('pt'));
  assert.equal(primaryOf('zh-Hant-TW'), 'zh');
  assert.equal(primaryOf('not a tag'), null);
});

test("preselects the browser's distinct languages up to the limit", () => {
  assert.deepEqual(firstLanguages(['en-GB', 'en', 'not a tag', 'fr-CA']), ['en', 'fr']);
  const six = ['en', 'fr', 'de', 'es', 'it', 'pt'];
  assert.deepEqual(firstLanguages(six), six.slice(0, 5));
  assert.deepEqual(firstLanguages(six.slice(0, 5)), six.slice(0, 5));
});

test('asks for age, then rules, and stops under 18', () => {
  assert.equal(gateStep(null, false), 'age-missing');
  assert.equal(gateStep(null, true), 'age-missing');
  assert.equal(gateStep('adult', false), 'agree-missing');
  assert.equal(gateStep('adult', true), 'accept');
  assert.equal(gateStep('minor', false), 'minor');
  assert.equal(gateStep('minor', true), 'minor');
});

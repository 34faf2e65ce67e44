import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clockOf, secondsAgo, secondsLeft, spanOf, spanOfHours } from '../../src/a11y/durations.ts';
import { loudnessOf } from '../../src/devices/browser-audio-meter.ts';
import { fromNow } from '../../src/i18n/from-now.ts';
import { isolated, listOf, typed } from '../../src/i18n/words.ts';
import { type KeyboardSigns, keyboardOf } from '../../src/keyboard/keyboard.ts';
import { isSecondClick } from '../../src/ui/double-click.ts';
import { helpListOf, nearestFirst } from '../../src/ui/help-list.ts';
import { hoursHere } from '../../src/ui/hours-here.ts';
import { houseWords, linesSince } from '../../src/ui/house-words.ts';
import { changedSince, RULES } from '../../src/ui/rule-list.ts';
import { sitePageOf } from '../../src/ui/site-page.ts';
import { firstLanguages, offeredLanguages, primaryOf } from '../../src/ui/spoken-languages.ts';

test('formats a duration in minutes and seconds, and hours if any', () => {
  assert.equal(clockOf(-5), '0:00');
  assert.equal(clockOf(999), '0:00');
  assert.equal(clockOf(7_400), '0:07');
  assert.equal(clockOf(750_000), '12:30');
  assert.equal(clockOf(3_599_999), '59:59');
  assert.equal(clockOf(3_723_000), '1:02:03');
});

test('shows 0 remaining seconds only when no time remains', () => {
  assert.equal(secondsLeft(20_000), 20);
  assert.equal(secondsLeft(1), 1);
  assert.equal(secondsLeft(0), 0);
  assert.equal(secondsLeft(-1), 0);
});

test('rounds elapsed seconds down but shows at least one', () => {
  assert.equal(secondsAgo(0), 1);
  assert.equal(secondsAgo(10_999), 10);
});

test("formats a call's length in its largest suitable unit", () => {
  assert.deepEqual(spanOf(0), { unit: 'seconds', count: 1 });
  assert.deepEqual(spanOf(42_300), { unit: 'seconds', count: 42 });
  assert.deepEqual(spanOf(59_499), { unit: 'seconds', count: 59 });
  assert.deepEqual(spanOf(59_500), { unit: 'minutes', count: 1 });
  assert.deepEqual(spanOf(252_000), { unit: 'minutes', count: 4 });
});

test('formats durations from two days on in days instead of hours', () => {
  assert.deepEqual(spanOfHours(1), { unit: 'hours', count: 1 });
  assert.deepEqual(spanOfHours(24), { unit: 'hours', count: 24 });
  assert.deepEqual(spanOfHours(48), { unit: 'days', count: 2 });
  assert.deepEqual(spanOfHours(50), { unit: 'hours', count: 50 });
});

test("shows house rules in the page's language, or else in another", () => {
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

test('maps loudness to equal steps in decibels', () => {
  const tone = (amplitude: number) => new Float32Array(64).fill(amplitude);
  assert.equal(loudnessOf(new Float32Array(0)), 0);
  assert.equal(loudnessOf(tone(0)), 0);
  assert.equal(loudnessOf(tone(1)), 1);
  const [quiet, middle, loud] = [-48, -36, -24].map((db) => loudnessOf(tone(10 ** (db / 20))));
  assert.ok(quiet !== undefined && middle !== undefined && loud !== undefined);
  assert.ok(Math.abs(middle - quiet - (loud - middle)) < 1e-6);
  assert.ok(Math.abs(middle - 0.5) < 1e-6);
});

test('recognises only the URL fragments of text pages', () => {
  assert.equal(sitePageOf('#safety'), 'safety');
  assert.equal(sitePageOf('#privacy'), 'privacy');
  assert.equal(sitePageOf(''), null);
  assert.equal(sitePageOf('#'), null);
  assert.equal(sitePageOf('#message'), null);
});

test("offers each unchosen language once, starting with the browser's languages", () => {
  const offered = offeredLanguages(['oc-FR', 'fr-FR', 'not a tag'], ['en', 'pt-BR']);
  assert.equal(offered[0], 'oc');
  assert.equal(offered.filter((tag) => tag === 'fr').length, 1);
  assert.ok(!offered.includes('en'));
  assert.ok(!offered.includes('pt'));
  assert.equal(primaryOf('zh-Hant-TW'), 'zh');
  assert.equal(primaryOf('not a tag'), null);
});

test("preselects the browser's languages without duplicates, up to the limit", () => {
  assert.deepEqual(firstLanguages(['en-GB', 'en', 'not a tag', 'fr-CA']), ['en', 'fr']);
  const six = ['en', 'fr', 'de', 'es', 'it', 'pt'];
  assert.deepEqual(firstLanguages(six), six.slice(0, 5));
  assert.deepEqual(firstLanguages(six.slice(0, 5)), six.slice(0, 5));
});

test('ignores only the second click of a double click', () => {
  assert.equal(isSecondClick({ detail: 0 }), false, 'a key press');
  assert.equal(isSecondClick({ detail: 1 }), false);
  assert.equal(isSecondClick({ detail: 2 }), true);
});

test('lists only house rules that changed after the accepted version', () => {
  const rules = RULES.map((rule, at) => ({ ...rule, changedIn: at + 1 }));
  const changed = (agreedTo: number) => changedSince(agreedTo, rules).map(({ name }) => name);
  assert.deepEqual(changed(3), ['kind', 'report']);
  assert.deepEqual(changed(5), []);
  assert.deepEqual(changed(0), [], 'who never agreed compares with nothing');
});

test('highlights house rules that the accepted version lacks', () => {
  const added = (text: string, older: string): string[] =>
    linesSince(text, older).flatMap(({ line, isNew }) => (isNew ? [line] : []));
  assert.deepEqual(added('One.\nTwo.\n\nThree.', 'Three.\nOne. '), ['Two.']);
  assert.deepEqual(added('One.', 'One.\nTwo.'), []);
  assert.deepEqual(added('One.', ''), []);
  const text = 'One.\n\n two';
  assert.equal(
    linesSince(text, 'other')
      .map(({ line }) => line)
      .join('\n'),
    text,
  );
});

const NAMES = { DE: 'Germany', FR: 'France', AT: 'Austria' } as const;
const nameOf = (country: string): string => NAMES[country as keyof typeof NAMES] ?? country;

test('shows as many helplines as the operator configured', () => {
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

test("lists countries of the browser's languages first, then others by name", () => {
  const lines = helpListOf('FR=tel:3114,DE=tel:1,AT=tel:142');
  const countries = (...wanted: string[]) =>
    nearestFirst(lines, wanted, nameOf).map(({ country }) => country);
  assert.deepEqual(countries('de-DE', 'fr-FR'), ['DE', 'FR', 'AT']);
  assert.deepEqual(countries('zh-Hant-FR'), ['FR', 'AT', 'DE']);
  assert.deepEqual(countries('fr', 'de-CH', 'no-such-tag'), ['AT', 'FR', 'DE']);
  assert.deepEqual(countries(), ['AT', 'FR', 'DE']);
});

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

test("shows a sanction's remaining time in its largest suitable unit", () => {
  const said = [
    [1, 'in 1 minute'],
    [40 * MINUTE_MS, 'in 40 minutes'],
    [2 * HOUR_MS - 1, 'in 120 minutes'],
    [2 * HOUR_MS, 'in 2 hours'],
    [47 * HOUR_MS, 'in 47 hours'],
    [2 * DAY_MS, 'in 2 days'],
    [71 * HOUR_MS, 'in 3 days'],
  ] as const;
  for (const [leftMs, words] of said) {
    assert.equal(fromNow(5_000 + leftMs, 5_000), words.replaceAll(' ', '\u00a0'));
  }
});

test('shows no remaining time after the sanction ended', () => {
  assert.equal(fromNow(5_000, 5_000), null);
  assert.equal(fromNow(4_000, 5_000), null);
});

const PHONE: KeyboardSigns = { windowHeight: 640, seenHeight: 640, scale: 1, writing: false };

test('reports an on-screen keyboard in a low window only while typing', () => {
  assert.deepEqual(keyboardOf(PHONE), { open: false, low: false });
  const lowered = { ...PHONE, windowHeight: 300, seenHeight: 300 };
  assert.deepEqual(keyboardOf(lowered), { open: false, low: false }, 'it may be zoomed into');
  assert.deepEqual(keyboardOf({ ...lowered, writing: true }), { open: true, low: true });
});

test('reports no on-screen keyboard in a window that is high enough', () => {
  assert.deepEqual(keyboardOf({ ...PHONE, writing: true }), { open: false, low: false });
  const at = (height: number) =>
    keyboardOf({ windowHeight: height, seenHeight: height, scale: 1, writing: true });
  assert.deepEqual([at(512).open, at(513).open], [true, false]);
  assert.deepEqual([at(384).low, at(385).low], [true, false]);
});

test('detects an on-screen keyboard over the window by the visible height', () => {
  assert.deepEqual(keyboardOf({ ...PHONE, seenHeight: 490 }), { open: true, low: false });
  assert.deepEqual(keyboardOf({ ...PHONE, seenHeight: 491 }), { open: false, low: false });
  assert.deepEqual(keyboardOf({ ...PHONE, seenHeight: 300 }), { open: true, low: true });
});

test('reports no on-screen keyboard while the page is pinch-zoomed', () => {
  const zoomed = { ...PHONE, seenHeight: 300, scale: 2.1, writing: true };
  assert.deepEqual(keyboardOf(zoomed), { open: false, low: false });
});

test("isolates user text from the sentence's writing direction", () => {
  assert.equal(listOf(['قهوة', 'film'], 'disjunction'), '\u2068قهوة\u2069 or \u2068film\u2069');
  assert.equal(listOf([], 'conjunction'), '');
});

test('removes text-direction characters from a suggestion used as a draft', () => {
  assert.equal(
    typed(`What do you like about ${isolated('قهوة')}?`),
    'What do you like about قهوة?',
  );
  assert.equal(typed(listOf(['film', 'chess'], 'conjunction')), 'film and chess');
});

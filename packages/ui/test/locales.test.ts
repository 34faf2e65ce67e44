import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import * as inNode from '../scripts/locales.ts';
import type * as alertsInBrowser from '../src/alert-locales.ts';
import type * as cardsInBrowser from '../src/card-locales.ts';
import type * as communitiesInBrowser from '../src/community-locales.ts';
import type * as effectsInBrowser from '../src/effect-locales.ts';
import type * as exchangeInBrowser from '../src/exchange-locales.ts';
import type * as hourInBrowser from '../src/hour-locales.ts';
import type * as interestsInBrowser from '../src/interest-locales.ts';
import type * as inBrowser from '../src/locales.ts';
import type * as meetingInBrowser from '../src/meeting-locales.ts';
import type * as questionInBrowser from '../src/question-locales.ts';
import type { WordTree } from '../src/sentences.ts';
import type * as voiceInBrowser from '../src/voice-locales.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const PLURAL = /_(?:zero|one|two|few|many|other)$/u;
/**
 * A translated sentence may equal its English text if it has at most this many words, because
 * some words are the same in both languages.
 */
const COPIED_WORDS_MAX = 2;

/** Matches a unit after a space at which a line may break. */
const UNIT_APART = /(?:\p{Nd}|\}\}) (?:ms|s|min|h|Std|[kMG]B|ث|د|س)(?![\p{L}’])/u;

const filesOf = (language: string): readonly string[] =>
  readdirSync(join(root, 'locales', language)).sort();

function sentencesOf(language: string, files = filesOf(language)): ReadonlyMap<string, string> {
  const sentences = new Map<string, string>();
  const walk = (tree: WordTree, prefix: string): void => {
    for (const [name, value] of Object.entries(tree)) {
      if (typeof value === 'string') sentences.set(prefix + name, value);
      else walk(value, `${prefix}${name}.`);
    }
  };
  for (const file of files) {
    // Skips the lists of interests, because they aren't translations.
    if (file === 'interests.json') continue;
    const text = readFileSync(join(root, 'locales', language, file), 'utf8');
    walk(JSON.parse(text) as WordTree, `${file.replace('.json', '')} `);
  }
  return sentences;
}

const gapsOf = (sentence: string): readonly string[] =>
  [...sentence.matchAll(/\{\{(\w+)\}\}/gu)].map(([, gap]) => gap ?? '').sort();

/**
 * Whether a plural form of a language is used for exactly one number, as `_two` is in Arabic. Its
 * sentence can leave out the number.
 */
function standsForOneNumber(language: string, key: string): boolean {
  const form = PLURAL.exec(key)?.[0].slice(1);
  const rules = new Intl.PluralRules(language);
  const numbers = Array.from({ length: 201 }, (_, number) => number);
  return numbers.filter((number) => rules.select(number) === form).length === 1;
}

const namesOf = (sentences: ReadonlyMap<string, string>): ReadonlySet<string> =>
  new Set([...sentences.keys()].map((key) => key.replace(PLURAL, '')));

const english = sentencesOf('en');
/** Compile-time check that the modules for Node and for the browser export the same names. */
const { LANGUAGES } = inNode satisfies typeof inBrowser &
  typeof alertsInBrowser &
  typeof cardsInBrowser &
  typeof interestsInBrowser &
  typeof meetingInBrowser &
  typeof effectsInBrowser &
  typeof communitiesInBrowser &
  typeof questionInBrowser &
  typeof voiceInBrowser &
  typeof hourInBrowser &
  typeof exchangeInBrowser;
const languages = Object.keys(LANGUAGES);

test('every language has every file and every sentence', () => {
  assert.ok(languages.length >= 2);
  const names = [...namesOf(english)].sort();
  assert.ok(names.length > 1_000);
  for (const language of languages) {
    assert.deepEqual(filesOf(language), filesOf('en'), language);
    assert.deepEqual([...namesOf(sentencesOf(language))].sort(), names, language);
  }
});

test('every translation has the placeholders of its English sentence', () => {
  for (const language of languages) {
    for (const [key, sentence] of sentencesOf(language)) {
      const original = english.get(key) ?? english.get(key.replace(PLURAL, '_other'));
      assert.ok(original !== undefined, `${language}: ${key}`);
      const missing = [...gapsOf(original)];
      for (const gap of gapsOf(sentence)) {
        assert.ok(missing.includes(gap), `${language}: ${key} {{${gap}}}`);
        missing.splice(missing.indexOf(gap), 1);
      }
      if (missing.length === 0) continue;
      assert.ok(standsForOneNumber(language, key), `${language}: ${key} {{${missing.join()}}}`);
      assert.equal(missing.length, 1, `${language}: ${key} {{${missing.join()}}}`);
    }
  }
});

test('finds all plural forms that each language needs', () => {
  for (const language of languages) {
    const keys = [...sentencesOf(language).keys()].filter((key) => PLURAL.test(key));
    const plurals = new Set(keys.map((key) => key.replace(PLURAL, '')));
    assert.ok(plurals.size > 20);
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    for (const plural of plurals) {
      for (const form of forms) {
        assert.ok(keys.includes(`${plural}_${form}`), `${language}: ${plural}_${form}`);
      }
    }
  }
});

test('finds no empty translation and none copied from English', () => {
  for (const language of languages) {
    for (const [key, sentence] of sentencesOf(language)) {
      assert.notEqual(sentence.trim(), '', `${language}: ${key}`);
      if (language === 'en' || sentence !== english.get(key)) continue;
      const words = sentence.replaceAll(/\{\{\w+\}\}/gu, '').match(/\p{L}{2,}/gu) ?? [];
      assert.ok(words.length <= COPIED_WORDS_MAX, `${language}: ${key} is still English`);
    }
  }
});

test('finds no markup in sentences that are written into HTML', () => {
  for (const language of languages) {
    const files = ['server.json', 'statements.json', 'document.json'];
    for (const [key, sentence] of sentencesOf(language, files)) {
      assert.doesNotMatch(sentence, /[<>&"]/u, `${language}: ${key}`);
    }
  }
});

test('finds a name, a direction and no other mark than `unreviewed` in each language', () => {
  for (const [tag, { name, direction, ...marks }] of Object.entries(LANGUAGES)) {
    assert.notEqual(name.trim(), '', tag);
    assert.ok(direction === 'ltr' || direction === 'rtl', tag);
    assert.ok(
      Object.entries(marks).every(([mark, is]) => mark === 'unreviewed' && is),
      tag,
    );
  }
});

test('finds no typewriter marks and no unit that a line can part from its number', () => {
  for (const language of languages) {
    for (const [key, sentence] of sentencesOf(language)) {
      assert.doesNotMatch(sentence, /["']|\.\.\.|\s{2}|^\s| [,.،؛]|\d-\d/u, `${language}: ${key}`);
      assert.doesNotMatch(sentence, UNIT_APART, `${language}: ${key}`);
      // A name before a line of chat ends with a space.
      if (!key.endsWith(' chat.says')) assert.doesNotMatch(sentence, /\s$/u, `${language}: ${key}`);
      for (const [open = '', close = ''] of ['()', '[]', '«»']) {
        assert.equal(countOf(sentence, open), countOf(sentence, close), `${language}: ${key}`);
      }
    }
  }
});

test('finds curly quotes and opening marks in Spanish and Portuguese sentences', () => {
  for (const language of ['es', 'pt']) {
    for (const [key, sentence] of sentencesOf(language)) {
      assert.doesNotMatch(sentence, /["'«»]|\.\.\.|\d [smh]\b/u, `${language}: ${key}`);
      assert.equal(countOf(sentence, '“'), countOf(sentence, '”'), `${language}: ${key}`);
      if (language === 'pt' || sentence.includes('“?”')) continue;
      assert.equal(countOf(sentence, '¿'), countOf(sentence, '?'), key);
      assert.equal(countOf(sentence, '¡'), countOf(sentence, '!'), key);
    }
  }
});

const countOf = (sentence: string, mark: string): number => sentence.split(mark).length - 1;

test('finds narrow spaces and typographic apostrophes in French sentences', () => {
  for (const [key, sentence] of sentencesOf('fr')) {
    assert.doesNotMatch(sentence, /[^\u202f][!?;]/u, key);
    assert.doesNotMatch(sentence, /'/u, key);
    assert.doesNotMatch(sentence, / :|« | »/u, key);
  }
});

test('finds German quotation marks, no-break spaces and the informal form in German', () => {
  for (const [key, sentence] of sentencesOf('de')) {
    assert.doesNotMatch(sentence, /["'«»”‘]/u, key);
    assert.equal(sentence.split('„').length, sentence.split('“').length, key);
    assert.doesNotMatch(sentence, /(?:\d|\}\}) (?:%|s|ms|min|MB)(?!\p{L})/u, key);
    assert.doesNotMatch(sentence, /(?<=[\p{L},] )(?:Sie|Ihnen|Ihre[mnrs]?)\b/u, key);
  }
});

test('finds Arabic punctuation, and digits as Intl writes them, in Arabic', () => {
  for (const [key, sentence] of sentencesOf('ar')) {
    assert.doesNotMatch(sentence, /\p{Script=Arabic}[,;?]|["'“”„]|\p{L}\u0640\p{L}/u, key);
    assert.equal(sentence.split('«').length, sentence.split('»').length, key);
    const digits = sentence.match(/\p{Nd}/gu) ?? [];
    for (const digit of digits) assert.ok(digitsOf('ar').includes(digit), key);
  }
});

function digitsOf(language: string): readonly string[] {
  const format = new Intl.NumberFormat(language, { useGrouping: false });
  return Array.from({ length: 10 }, (_, digit) => format.format(digit));
}

/**
 * Returns patterns that match each string of an app that could name a sentence. A template
 * literal's placeholder matches anything.
 */
function namersOf(app: string): readonly RegExp[] {
  const files = readdirSync(join(root, 'apps', app, 'src'), {
    recursive: true,
    withFileTypes: true,
  })
    .filter((entry) => entry.isFile() && /\.tsx?$/u.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
  const literals = files.flatMap((text) =>
    [...text.matchAll(/'([\w.-]+)'|`((?:[\w.-]|\$\{[^`}\n]*\})+)`/gu)].map(
      ([, plain, template]) => plain ?? template ?? '',
    ),
  );
  return [...new Set(literals)].map((literal) => {
    const pattern = literal
      .split(/\$\{[^}]*\}/u)
      .map((part) => part.replaceAll('.', String.raw`\.`))
      .join('[^.]+');
    return new RegExp(`^${pattern}$`, 'u');
  });
}

for (const [app, files] of [
  [
    'web',
    [
      'page-first.json',
      'page-rest.json',
      'cards.json',
      'communities.json',
      'meeting.json',
      'effects.json',
      'hour.json',
      'voice.json',
      'exchange.json',
      'question.json',
    ],
  ],
  ['console', ['console.json', 'alerts.json']],
] as const) {
  test(`apps/${app} uses each English sentence`, () => {
    const namers = namersOf(app);
    const names = [...namesOf(sentencesOf('en', [...files]))].map((key) => key.split(' ')[1] ?? '');
    assert.deepEqual(
      names.filter((name) => !namers.some((namer) => namer.test(name))),
      [],
    );
  });
}

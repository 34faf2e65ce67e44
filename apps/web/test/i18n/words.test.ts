import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PAGE_LANGUAGES } from '../../src/i18n/languages.ts';

type Tree = { readonly [name: string]: string | Tree };

const source = join(import.meta.dirname, '..', '..', 'src');
const languages = Object.keys(PAGE_LANGUAGES);
const PLURAL = /_(zero|one|two|few|many|other)$/u;

function sentencesOf(language: string): Map<string, string> {
  const sentences = new Map<string, string>();
  const walk = (tree: Tree, prefix: string): void => {
    for (const [name, value] of Object.entries(tree)) {
      if (typeof value === 'string') sentences.set(prefix + name, value);
      else walk(value, `${prefix}${name}.`);
    }
  };
  for (const file of ['first.json', 'rest.json']) {
    walk(JSON.parse(readFileSync(join(source, 'i18n', language, file), 'utf8')) as Tree, '');
  }
  return sentences;
}

const namesOf = (sentences: Map<string, string>): Set<string> =>
  new Set([...sentences.keys()].map((key) => key.replace(PLURAL, '')));

const gapsOf = (sentence: string): readonly string[] =>
  [...sentence.matchAll(/\{\{(\w+)\}\}/gu)].map(([, gap]) => gap ?? '').sort();

const english = sentencesOf('en');
const names = namesOf(english);

/** Every string of the sources that could name a sentence; gaps of templates match anything. */
function namersOf(): RegExp[] {
  const files = readdirSync(source, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/u.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
  const literals = files.flatMap((text) =>
    [...text.matchAll(/'([\w.-]+)'|`((?:[\w.-]|\$\{[^`}\n]*\})+)`/gu)].map(
      ([, plain, template]) => plain ?? template ?? '',
    ),
  );
  return literals.map((literal) => {
    const pattern = literal
      .split(/\$\{[^}]*\}/u)
      .map((part) => part.replaceAll('.', String.raw`\.`))
      .join('[^.]+');
    return new RegExp(`^${pattern}$`, 'u');
  });
}

test('every language says the same sentences', () => {
  assert.ok(names.size > 100);
  for (const language of languages) {
    assert.deepEqual([...namesOf(sentencesOf(language))].sort(), [...names].sort(), language);
  }
});

test('every language fills the same gaps', () => {
  for (const language of languages) {
    for (const [key, sentence] of sentencesOf(language)) {
      const original = english.get(key) ?? english.get(key.replace(PLURAL, '_other'));
      assert.ok(original !== undefined, `${language}: ${key}`);
      assert.deepEqual(gapsOf(sentence), gapsOf(original), `${language}: ${key}`);
    }
  }
});

test('every plural has each form that its language has', () => {
  for (const language of languages) {
    const keys = [...sentencesOf(language).keys()].filter((key) => PLURAL.test(key));
    const plurals = new Set(keys.map((key) => key.replace(PLURAL, '')));
    assert.ok(plurals.size > 0);
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    for (const plural of plurals) {
      for (const form of forms) {
        assert.ok(keys.includes(`${plural}_${form}`), `${language}: ${plural}_${form}`);
      }
    }
  }
});

test('no sentence is empty, and none is only a copy of the English one but by design', () => {
  const same = new Set([
    'site.nav',
    'chat.message',
    'title.unread',
    'pages.privacy.s2',
    'details.isDirect',
    'interests.suggestions',
  ]);
  for (const language of languages) {
    for (const [key, sentence] of sentencesOf(language)) {
      assert.notEqual(sentence.trim(), '', `${language}: ${key}`);
      const copied = language !== 'en' && sentence === english.get(key);
      assert.ok(!copied || same.has(key), `${language}: ${key} is still English`);
    }
  }
});

test('every sentence is said somewhere', () => {
  const namers = namersOf();
  const unsaid = [...names].filter((name) => !namers.some((namer) => namer.test(name)));
  assert.deepEqual(unsaid, []);
});

test('French has a narrow space before ! ? ; and never a straight apostrophe', () => {
  for (const [key, sentence] of sentencesOf('fr')) {
    assert.doesNotMatch(sentence, /[^\u202f][!?;]/u, key);
    assert.doesNotMatch(sentence, /'/u, key);
    assert.doesNotMatch(sentence, / :|« | »/u, key);
  }
});

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

type Tree = { readonly [name: string]: string | Tree };

const source = join(import.meta.dirname, '..', 'src');
const PLURAL = /_(?:zero|one|two|few|many|other)$/u;

function sentencesOf(language: string): Map<string, string> {
  const sentences = new Map<string, string>();
  const walk = (tree: Tree, prefix: string): void => {
    for (const [name, value] of Object.entries(tree)) {
      if (typeof value === 'string') sentences.set(prefix + name, value);
      else walk(value, `${prefix}${name}.`);
    }
  };
  const text = readFileSync(join(source, 'i18n', `${language}.json`), 'utf8');
  walk(JSON.parse(text) as Tree, '');
  return sentences;
}

const english = sentencesOf('en');
const french = sentencesOf('fr');
const gapsOf = (sentence = ''): readonly string[] =>
  [...sentence.matchAll(/\{\{(\w+)\}\}/gu)].map(([, gap]) => gap ?? '').sort();

test('every sentence is there in both languages, with the same gaps, and says something', () => {
  assert.deepEqual([...french.keys()].sort(), [...english.keys()].sort());
  for (const [name, sentence] of english) {
    assert.deepEqual(gapsOf(french.get(name)), gapsOf(sentence), name);
    assert.notEqual(sentence.trim(), '', name);
    assert.notEqual(french.get(name)?.trim(), '', name);
  }
});

test('no sentence is there that nothing says', () => {
  const files = readdirSync(source, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/u.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
  const named = new Set<string>();
  const begun = new Set<string>();
  for (const text of files) {
    for (const [, plain, template] of text.matchAll(/'([a-zA-Z][\w.-]+)'|`([a-zA-Z.]+\.)\$\{/gu)) {
      if (plain !== undefined) named.add(plain);
      if (template !== undefined) begun.add(template);
    }
  }
  const unsaid = [...english.keys()]
    .map((name) => name.replace(PLURAL, ''))
    .filter((name) => !named.has(name) && ![...begun].some((start) => name.startsWith(start)));
  assert.deepEqual([...new Set(unsaid)], []);
});

test('French has a narrow space before ! ? ; and never a straight apostrophe', () => {
  for (const [name, sentence] of french) {
    assert.doesNotMatch(sentence, /[^\u202f][!?;]/u, name);
    assert.doesNotMatch(sentence, /'/u, name);
    assert.doesNotMatch(sentence, / :|« | »/u, name);
  }
});

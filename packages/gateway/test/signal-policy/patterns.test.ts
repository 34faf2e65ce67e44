import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const folder = new URL('../../src/signal-policy/', import.meta.url);
/** A regular expression written between slashes: after `= ` or `(`, up to its flags. */
const LITERAL = /(?:= |\()\/((?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/[a-z]*/g;

test('[SP-45] no pattern repeats a group, so that none is slow on any text', () => {
  const patterns: string[] = [];
  for (const file of readdirSync(folder)) {
    if (!file.endsWith('.ts')) continue;
    const source = readFileSync(new URL(file, folder), 'utf8');
    for (const found of source.matchAll(LITERAL)) patterns.push(found[1] ?? '');
    assert.doesNotMatch(source, /new RegExp|\bRegExp\(/, `${file} makes a pattern at run time`);
  }
  assert.ok(patterns.length >= 18, `only ${patterns.length} patterns were found`);
  for (const pattern of patterns) {
    assert.doesNotMatch(pattern, /\)[*+{]/, `${pattern} repeats a group`);
    assert.doesNotMatch(pattern, /\.[*+]|\\[1-9]|\(\?[=!<]/, `${pattern} looks around`);
  }
});

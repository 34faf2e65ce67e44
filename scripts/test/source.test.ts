import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importsOf, lineAt, readSource, testTitlesOf } from '../tidy/source.ts';

const scan = (text: string) => readSource('a.ts', text);
const hidden = (text: string): string => scan(text).code;

test('comments and the insides of strings are no code; lengths and lines stay', () => {
  const text = `a; // Date\nb /* Date\n Date */ + 'Date' + "it's \\" Date";`;
  const { code, comments } = scan(text);
  assert.ok(!code.includes('Date'));
  assert.equal(code.length, text.length);
  assert.equal(code.split('\n').length, 3);
  assert.equal(code.replaceAll(/\s+/g, ' '), `a; b + ' ' + " ";`);
  assert.equal(comments.match(/Date/g)?.length, 3);
});

test('a template hides its text, never the code inside it, however deep', () => {
  const text = '`Date ${now({ a: `Math ${later}` })} Date` + Date';
  assert.equal(hidden(text).replaceAll(/\s+/g, ' '), '` ${now({ a: ` ${later}` })} ` + Date');
});

test('a regular expression is told from a division', () => {
  assert.ok(!hidden('x.replace(/Date[/"]/g, y)').includes('Date'));
  assert.ok(!hidden('return /Date/.test(x)').includes('Date'));
  assert.ok(hidden('a / Date / b').includes('Date'));
  assert.ok(hidden('(a) / Date / b').includes('Date'));
  assert.ok(hidden('[1][0] / Date / b').includes('Date'));
  assert.ok(hidden("x = /['\"]/; Date; 'y'").includes('Date'));
});

test('an apostrophe in the text of an element hides at most its line', () => {
  assert.ok(hidden("<p>I'll</p>;\nDate").includes('Date'));
});

test('imports are found with their lines, types and re-exports too', () => {
  const text = `import a from 'one';
import type { B } from "two";
import {
  c,
} from './three.ts';
import './four.css';
export { d } from 'five';
const e = await import('six');
const f = import(name);
// import g from 'comment';
const h = "import i from 'string'";
export const j = from('call');
`;
  assert.deepEqual(
    importsOf(scan(text)).map(({ specifier, offset }) => [specifier, lineAt(text, offset)]),
    [
      ['one', 1],
      ['two', 2],
      ['./three.ts', 5],
      ['./four.css', 6],
      ['five', 7],
      ['six', 8],
      ['', 9],
    ],
  );
});

test('titles of tests are found, with quotes of any kind', () => {
  const text = `test('[A-1] one', () => {}); it(\n  "two's", fn); test(\`three \${n}\`, fn); latest('no')`;
  assert.deepEqual(
    testTitlesOf(scan(text)).map(({ title }) => title),
    ['[A-1] one', "two's", 'three '],
  );
});

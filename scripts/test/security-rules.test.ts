/** The rules behind docs/security.md are shown a planted fault each, and good code beside it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ASVS_ITEMS, ITEMS_OF_LEVEL } from '../tidy/asvs.ts';
import { cryptographyFaults } from '../tidy/rules/cryptography.ts';
import { hazardFaults } from '../tidy/rules/hazards.ts';
import { patternFaults, slowness } from '../tidy/rules/patterns.ts';
import { verificationFaults } from '../tidy/rules/verification.ts';
import { describeFault, type Fault, type Tree, treeOf } from '../tidy/tree.ts';

function told(
  faultsOf: (tree: Tree) => Fault[],
  files: Readonly<Record<string, string>>,
): string[] {
  return faultsOf(treeOf(files)).map(describeFault);
}

for (const [what, path, text] of [
  ['eval', 'apps/web/src/a.ts', 'const a = eval(text);'],
  ['a function of text', 'packages/a/src/a.ts', 'const f = new Function("return 1");'],
  ['a pattern of text', 'apps/server/src/a.ts', 'const p = new RegExp(name, "u");'],
  ['a pattern of a template', 'apps/server/src/a.ts', 'const p = new RegExp(`^${name}$`);'],
  ['markup', 'apps/web/src/a.tsx', 'element.innerHTML = text;'],
  ['markup by Preact', 'apps/web/src/a.tsx', '<p dangerouslySetInnerHTML={{ __html: t }} />'],
  ['markup after the page', 'apps/web/src/a.ts', 'document.write(text);'],
  ['the cookie in a script', 'apps/web/src/a.ts', 'document.cookie = "a=b";'],
  ['a program', 'apps/server/src/a.ts', `import { spawn } from 'node:child_process';`],
  ['a program by its old name', 'apps/server/src/a.ts', `import cp from 'child_process';`],
  ['a machine for text', 'packages/a/src/a.ts', `await import('node:vm');`],
  ['a question to a host', 'apps/server/src/a.ts', 'await fetch(url);'],
  ['a question by Node', 'apps/server/src/a.ts', `import { get, STATUS_CODES } from 'node:http';`],
  ['a connection', 'apps/server/src/a.ts', `import { connect } from 'node:net';`],
  ['a question over TLS', 'apps/server/src/a.ts', `import { request } from 'node:https';`],
  ['a package that nobody looked at', 'packages/a/src/a.ts', `import { ask } from 'an-asker';`],
  ['a database elsewhere', 'apps/server/src/a.ts', `import pg from 'pg';`],
  ['SQLite past the store', 'packages/a/src/a.ts', `import { DatabaseSync } from 'node:sqlite';`],
  ['the other end of a socket', 'packages/a/src/a.ts', 'const s = new WebSocket(url);'],
  ['keys from an address', 'apps/server/src/a.ts', 'const keys = createRemoteJWKSet(url);'],
  ['SQL of text', 'packages/a/src/a.ts', 'db.run(sql.raw(text));'],
  ['SQL of a template', 'packages/a/src/a.ts', 'db.run(CompiledQuery.raw(`select ${name}`));'],
  ['weak chance', 'apps/server/src/a.ts', 'const id = Math.random();'],
  ['what a buffer held before', 'apps/server/src/a.ts', 'Buffer.allocUnsafe(8)'],
] as const) {
  test(`a hazard is found: ${what}`, () => {
    assert.equal(told(hazardFaults, { [path]: text }).length, 1, text);
  });
}

test('what only looks like a hazard is none, and neither is one that people never meet', () => {
  const server = `import { createServer } from 'node:http';
    import { connectionsMax } from './limits.ts';
    // eval(text) is not for us
    const app = { fetch: (request) => answer, hint: 'innerHTML' };
    const evaluate = retrieval(app.fetch(request));
    import { Type } from 'typebox';
    const known = new RegExp(ID_PATTERN);
    await db.run(CompiledQuery.raw('commit'), sql.lit(PAGE));`;
  assert.deepEqual(told(hazardFaults, { 'apps/server/src/a.ts': server }), []);
  const page = 'const unit = Math.random(); await fetch(path); element.textContent = text;';
  assert.deepEqual(told(hazardFaults, { 'apps/web/src/a.ts': page }), []);
  const hazardous = `import { spawn } from 'node:child_process'; eval('1'); fetch('x');`;
  const elsewhere = ['apps/server/test/a.test.ts', 'scripts/a.mjs', 'e2e/support/a.ts'];
  assert.deepEqual(
    told(hazardFaults, Object.fromEntries(elsewhere.map((path) => [path, hazardous]))),
    [],
  );
});

for (const [pattern, why] of [
  ['/^(?:a+)+$/', 'repeats a group without end'],
  ['/^(?:a|aa){2,}$/', 'repeats a group without end'],
  ['/(?:a{1,9}){9}/u', 'repeats a group of several lengths'],
  ['/(.)\\1/', 'refers back'],
  ['/(?<a>.)\\k<a>/u', 'refers back'],
  ['/(?<=a)b/', 'looks around'],
  ['/^(?=.*a)b/', 'looks around'],
  ['/^a*b*$/', 'has several runs without end'],
  ['/\\s+$/', 'may begin anywhere and goes on after a run without end'],
  ['/^a|b+c/', 'may begin anywhere and goes on after a run without end'],
  ['/^a+$/m', 'may begin anywhere and goes on after a run without end'],
] as const) {
  test(`a pattern that may be slow is found: ${pattern}`, () => {
    assert.equal(slowness(pattern), why);
  });
}

test('a pattern of one run from its start or to its end, of lengths that are written down, is none', () => {
  for (const pattern of [
    '/^[a-z]+$/',
    '/[^/]+/y',
    '/(\\s+)/gu',
    '/^\\p{L}{1,9}(?:-\\d)?$/u',
    '/(?:ab{2}){3}/',
    '/(?![\\t\\n])\\p{Cc}/u',
    '/[)*+]\\(\\|/',
  ]) {
    assert.equal(slowness(pattern), null, pattern);
  }
});

test('a pattern that is argued for is none, and an argument for what is not there is a fault', () => {
  const path = 'apps/server/src/a.ts';
  const files = { [path]: `const a = /b+c/; const d = { pattern: '^(?:e\\\\d+)+$' };` };
  const rows = [
    [path, '/b+c/', 'short'],
    [path, '/^(?:e\\d+)+$/u', 'short'],
  ] as const;
  const toldBy = (argued: Parameters<typeof patternFaults>[1]) =>
    told((tree) => patternFaults(tree, argued), files);
  assert.deepEqual(toldBy(rows), []);
  assert.match(toldBy([rows[1]]).join(), /^apps\/server\/src\/a\.ts:1 {2}\/b\+c\/ may begin/);
  assert.match(toldBy([rows[0]]).join(), /repeats a group/);
  assert.match(toldBy([...rows, [path, '/f+g/', 'gone']]).join(), /argues for \/f\+g\//);
});

test('cryptography that the inventory leaves out, and what it lists in vain, is found', () => {
  const document = '# S\n\n## Keys and algorithms\n\n| `apps/server/src/a.ts` | x |\n\n## More\n';
  const files = {
    'docs/security.md': document,
    'apps/server/src/a.ts': `import { createHash } from 'node:crypto';`,
    'apps/server/test/b.test.ts': `import { createHash } from 'node:crypto';`,
    'apps/web/src/c.ts': 'const d = key.crypto.subtle; // crypto.subtle',
  };
  assert.deepEqual(told(cryptographyFaults, files), []);
  const browser = { ...files, 'apps/web/src/c.ts': 'await crypto.subtle.sign(a, b, c)' };
  assert.match(told(cryptographyFaults, browser).join(), /^apps\/web\/src\/c\.ts {2}It uses/);
  const idle = { ...files, 'apps/server/src/a.ts': 'export const a = 1;' };
  assert.deepEqual(told(cryptographyFaults, idle), [
    'docs/security.md:5  apps/server/src/a.ts uses no cryptography.',
  ]);
  // Elsewhere in the document it is not in the inventory.
  const moved = { ...files, 'docs/security.md': document.replace('\n\n| `', '\n\n## x\n\n| `') };
  assert.match(told(cryptographyFaults, moved).join(), /a\.ts {2}It uses/);
});

const ITEMS = new Map([
  ['1.1.1', 1],
  ['1.1.2', 2],
  ['1.1.3', 3],
  ['1.1.4', 2],
  ['1.1.5', 2],
]);

const ROWS = [
  '| 1.1.1 | 1 | what | test | `apps/a/test/a.test.ts` “[AB-1] it’s true” |',
  '| 1.1.2 | 2 | what | document | [here](a.md#here) |',
  '| 1.1.4 | 2 | what | reason | Nobody has one. |',
  '| 1.1.5 | 2 | what | open | It is missing. |',
];

const COUNTS =
  'Of 4 items, 1 are shown by a test, 1 by a document, 1 do not apply yet or are not ours, each with its reason, and 1 is open.';

function toldOf(rows: readonly string[], counts = COUNTS): string[] {
  const files = {
    'docs/security.md': `${counts}\n\n${rows.join('\n')}\n`,
    'apps/a/test/a.test.ts': `test('[AB-1] it’s true', f); test(\`of \${many}\`, f);`,
  };
  return verificationFaults(treeOf(files), ITEMS).map(describeFault);
}

/** The rows with one of them in another form. */
function rowsWith(index: number, from: string, to: string): string[] {
  return ROWS.map((row, i) => (i === index ? row.replace(from, to) : row));
}

test('a document that answers for every item of levels 1 and 2 once has no fault', () => {
  assert.deepEqual(toldOf(ROWS), []);
  assert.deepEqual(toldOf(rowsWith(0, '[AB-1] it’s true', 'of ')), [], 'up to what is computed');
});

for (const [what, rows, expected] of [
  ['an item that is missing', ROWS.slice(0, 3), /1\.1\.5 is not answered/],
  ['one that is answered twice', [...ROWS, ROWS[0] ?? ''], /:7 {2}1\.1\.1 is answered twice/],
  ['one that the standard has not', rowsWith(0, '1.1.1', '1.1.9'), /ASVS has no item 1\.1\.9/],
  ['a wrong level', rowsWith(1, '| 2 |', '| 1 |'), /1\.1\.2 is of level 2/],
  ['a row of another form', rowsWith(2, ' | reason', ''), /:5 {2}A row is/],
  ['a kind that is none', rowsWith(3, 'open', 'soon'), /soon is none of/],
  ['a test that is not named', rowsWith(0, '`apps', 'apps'), /1\.1\.1 names no test/],
  ['a file that is not there', rowsWith(0, 'a.test', 'b.test'), /There is no apps\/a\/test\/b/],
  ['a title that is not there', rowsWith(0, 'true', 'not'), /has no test “\[AB-1\] it’s not”/],
  ['a document that is not linked', rowsWith(1, '](', '] ('), /1\.1\.2 links no document/],
  ['a reason that is none', rowsWith(2, 'Nobody has one.', '–'), /1\.1\.4 says nothing/],
] as const) {
  test(`a fault of the table is found: ${what}`, () => {
    assert.match(toldOf(rows).join('\n'), expected);
  });
}

test('counts that are not those of the rows are found, with the right ones', () => {
  const wrong = COUNTS.replace('1 is open', '0 are open');
  assert.deepEqual(toldOf(ROWS, wrong), [`docs/security.md:1  The counts are: ${COUNTS}`]);
  assert.deepEqual(toldOf(ROWS, ''), [`docs/security.md  It does not say: ${COUNTS}`]);
});

test('the table of the standard has as many items of each level as the standard', () => {
  for (const [level, count] of Object.entries(ITEMS_OF_LEVEL)) {
    const items = [...ASVS_ITEMS.values()].filter((known) => known === Number(level));
    assert.equal(items.length, count, `level ${level}`);
  }
  assert.equal(ASVS_ITEMS.get('1.2.10'), 3);
  assert.equal(ASVS_ITEMS.get('17.3.2'), 2);
  assert.equal(ASVS_ITEMS.get('18.1.1'), undefined);
});

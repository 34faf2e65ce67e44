/** Tests each tidy rule on planted faults and on correct code. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nameOfRoom, ROOMS } from '../tidy/rooms.ts';
import { codeFaults } from '../tidy/rules/code.ts';
import { commandFaults } from '../tidy/rules/commands.ts';
import { documentFaults } from '../tidy/rules/documents.ts';
import { importFaults } from '../tidy/rules/imports.ts';
import { layerFaults } from '../tidy/rules/layers.ts';
import { leakFaults } from '../tidy/rules/leaks.ts';
import { mapFaults } from '../tidy/rules/map.ts';
import { patternFaults } from '../tidy/rules/patterns.ts';
import { settingFaults } from '../tidy/rules/settings.ts';
import { specFaults } from '../tidy/rules/specs.ts';
import { importsOf, lineAt, readSource, testTitlesOf } from '../tidy/source.ts';
import { describeFault, type Fault, type Tree, treeOf } from '../tidy/tree.ts';

function told(
  faultsOf: (tree: Tree) => Fault[],
  files: Readonly<Record<string, string>>,
): string[] {
  return faultsOf(treeOf(files)).map(describeFault);
}

const KERNEL = {
  'packages/kernel/package.json': '{}',
  'packages/kernel/tsconfig.json': '{ "extends": "../../tsconfig.base.json" }',
  'tsconfig.base.json': '{ "compilerOptions": { "lib": ["es2023"], "types": [] } }',
};

const GATEWAY = {
  'packages/gateway/package.json': JSON.stringify({
    dependencies: { '@farandole/kernel': '0.1.0', '@farandole/protocol': '0.1.0' },
    devDependencies: { '@farandole/cluster': '0.1.0' },
  }),
};

test('accepts imports that the table allows and the manifest declares', () => {
  const files = {
    ...GATEWAY,
    'packages/gateway/src/a.ts': `import { b } from './b.ts';\nimport { c } from '@farandole/kernel/c';`,
    'packages/gateway/src/b.ts': 'export const b = 1;',
    'packages/gateway/test/b.test.ts': `import fc from 'fast-check';
      import assert from 'node:assert/strict';
      import { b } from '@farandole/gateway/b';
      import { l } from '@farandole/cluster/local';`,
  };
  assert.deepEqual(told(importFaults, files), []);
});

for (const [what, path, text, expected] of [
  ['a room above', 'src/a.ts', `import '@farandole/cluster/local';`, /may not import cluster/],
  ['Node in a pure package', 'src/a.ts', `import 'node:fs';`, /may not import node:fs/],
  ['a package', 'src/a.ts', `import 'ws';`, /may not import ws/],
  [
    'the tests of another package',
    'src/a.ts',
    `import './../../kernel/x.ts';`,
    /leaves the package/,
  ],
  ['its own tests', 'src/a.ts', `import '../test/x.ts';`, /do not import tests/],
  ['a file that is not there', 'src/a.ts', `import './x.ts';`, /no packages\/gateway\/src\/x\.ts/],
  ['a whole room', 'src/a.ts', `import '@farandole/kernel';`, /Name the file/],
  ['itself by name', 'src/a.ts', `import '@farandole/gateway/b';`, /by its path/],
  ['an undeclared room', 'src/a.ts', `import '@farandole/matchmaking/x';`, /is not declared/],
  ['a computed name', 'src/a.ts', 'await import(name);', /computed imports/],
  ['a room that only tests may', 'src/a.ts', `\nexport * from '@farandole/cluster/x';`, /:2 /],
  ['an app in a test', 'test/a.test.ts', `import '@farandole/server/x';`, /may not import server/],
] as const) {
  test(`reports a forbidden import: ${what}`, () => {
    const faults = told(importFaults, { ...GATEWAY, [`packages/gateway/${path}`]: text });
    assert.equal(faults.length, 1, faults.join('\n'));
    assert.match(faults[0] ?? '', expected);
  });
}

test('reports imports from a higher layer, even of types', () => {
  const at = (path: string): string => `apps/web/src/${path}`;
  const files = {
    [at('main.ts')]: `import { app } from './state/app.ts';`,
    [at('state/app.ts')]: `import { call } from '../call/call.ts';\nexport type App = 1;`,
    [at('call/call.ts')]:
      `import { type Chat, chat } from '../chat/chat.ts';\nimport('./late.ts');`,
    [at('call/late.ts')]: `import { call } from './call.ts';`,
    [at('chat/chat.ts')]: `import type { Call } from '../call/call.ts';`,
  };
  assert.deepEqual(told(layerFaults, files), []);
  const up = { ...files, [at('ui/box.ts')]: `\nimport type { App } from '../state/app.ts';` };
  assert.match(told(layerFaults, up)[0] ?? '', /box\.ts:2 .*a layer above/);
  const elsewhere = { ...files, [at('attic/box.ts')]: '' };
  assert.match(told(layerFaults, elsewhere)[0] ?? '', /no layer/);
});

test('reports a package or dependency that the table lacks', () => {
  assert.match(
    told(importFaults, { 'packages/attic/package.json': '{}' })[0] ?? '',
    /attic\/package\.json {2}This package is not in/,
  );
  const manifest = JSON.stringify({ dependencies: { lodash: '4.17.21' } });
  const faults = told(importFaults, { 'packages/kernel/package.json': manifest });
  assert.match(faults[0] ?? '', /lodash is among the dependencies/);
});

test('reports a pure package whose tsconfig adds libraries or types', () => {
  for (const options of ['{ "lib": ["es2023", "dom"] }', '{ "types": ["node"] }']) {
    const text = `{ "extends": "../../tsconfig.base.json", "compilerOptions": ${options} }`;
    const faults = told(importFaults, { ...KERNEL, 'packages/kernel/tsconfig.json': text });
    assert.match(faults.join(), /kernel\/tsconfig\.json/);
  }
});

test('reports untested, unknown and duplicate SPEC rules', () => {
  const spec = '# Rules\n\n- **KN-1** One, see KN-9.\n- **KN-2** Two.\n\n### KN-3 Three\n';
  const tests = `test('[KN-1] one', f); test('[KN-2, KN-3] both', f);`;
  const files = { 'packages/kernel/SPEC.md': spec, 'packages/kernel/test/a.test.ts': tests };
  assert.deepEqual(told(specFaults, files), []);
  const fewer = { ...files, 'packages/kernel/test/a.test.ts': `test('[KN-1] [KN-3] x', f);` };
  assert.deepEqual(told(specFaults, fewer), [
    `packages/kernel/SPEC.md:4  No test covers KN-2: start a test's title with [KN-2].`,
  ]);
  const more = { ...files, 'e2e/a.spec.ts': `\ntest('[KN-7] unknown', f);` };
  assert.deepEqual(told(specFaults, more), ['e2e/a.spec.ts:2  No SPEC.md defines KN-7.']);
  const doubled = { ...files, 'packages/kernel/SPEC.md': `${spec}- **KN-1** Again.\n` };
  assert.match(told(specFaults, doubled).join(), /SPEC\.md:7 {2}KN-1 is defined twice/);
});

test('counts a title with [A-1] for rule A-1a too, but not the reverse', () => {
  const spec = '- **KN-1** One.\n- **KN-1a** More.\n- **KN-2a** Two.\n- **KN-2b** Three.\n';
  const tests = `test('[KN-1] one', f); test('[KN-2a] two', f); test('[KN-2c] none', f);`;
  const files = { 'packages/kernel/SPEC.md': spec, 'packages/kernel/test/a.test.ts': tests };
  assert.deepEqual(told(specFaults, files), [
    `packages/kernel/SPEC.md:4  No test covers KN-2b: start a test's title with [KN-2b].`,
    'packages/kernel/test/a.test.ts:1  No SPEC.md defines KN-2c.',
  ]);
});

test('reports a SPEC rule of more than 60 words', () => {
  const rule = (words: number): string => `- **KN-1** ${'word '.repeat(words)}\n- Not a rule.\n`;
  const tests = { 'packages/kernel/test/a.test.ts': `test('[KN-1] one', f);` };
  assert.deepEqual(told(specFaults, { ...tests, 'packages/kernel/SPEC.md': rule(60) }), []);
  assert.deepEqual(told(specFaults, { ...tests, 'packages/kernel/SPEC.md': rule(61) }), [
    'packages/kernel/SPEC.md:1  KN-1 has 61 words, more than 60: split it.',
  ]);
});

for (const [what, path, text] of [
  ['a double assertion', 'apps/web/src/a.ts', 'const a = b as unknown as C;'],
  ['a pattern of text', 'apps/server/src/a.ts', 'const p = new RegExp(name, "u");'],
  ['a pattern of a template', 'packages/a/src/a.ts', 'const p = new RegExp(`^${name}$`);'],
  ['SQL of text', 'apps/server/src/a.ts', 'db.run(sql.raw(text));'],
  ['SQL of a template', 'packages/a/src/a.ts', 'db.run(CompiledQuery.raw(`select ${name}`));'],
  ['markup', 'apps/web/src/a.tsx', '<p dangerouslySetInnerHTML={{ __html: t }} />'],
] as const) {
  test(`reports ${what}`, () => {
    assert.equal(told(codeFaults, { [path]: text }).length, 1);
  });
}

test('accepts constant SQL and patterns in shipped code, and anything in tests', () => {
  const good = `new RegExp(ID_PATTERN); sql.lit(PAGE); CompiledQuery.raw('commit'); a as B;`;
  const files = { 'apps/server/src/a.ts': good, 'apps/server/test/a.ts': 'b as unknown as C' };
  assert.deepEqual(told(codeFaults, files), []);
});

test('reports slow regular expressions in literals, schemas and constants', () => {
  const path = 'packages/a/src/a.ts';
  const slow = [
    'const a = /^(?:a+)+$/;',
    String.raw`const a = { pattern: '^(?:\d+)+$' };`,
    `const A_PATTERN = '^(?:a|aa)+$';`,
    String.raw`b.replace(/\s+$/, '');`,
  ];
  for (const text of slow) {
    assert.match(
      told(patternFaults, { [path]: text }).join(),
      /^packages\/a\/src\/a\.ts:1 {2}\/.* is vulnerable/,
    );
  }
  const fast = String.raw`const a = [/^[a-z]+$/, /^\p{L}{1,9}(?:-\d)?$/u, /[^/]+/y, /(?:ab{2}){3}/];`;
  assert.deepEqual(told(patternFaults, { [path]: fast }), []);
});

test('reports machine paths and registry hosts, but not page URLs', () => {
  const path = ['', 'home', 'someone', 'x'].join('/');
  assert.match(told(leakFaults, { 'a.ts': `\nconst p = '${path}';` })[0] ?? '', /a\.ts:2 /);
  const host = ['registry', 'example', 'org'].join('.');
  assert.equal(told(leakFaults, { 'package-lock.json': `"https://${host}/a.tgz"` }).length, 1);
  const fine = `fetch('/work-life'); see('https://example.org/home/page'); './home/x'`;
  assert.deepEqual(told(leakFaults, { 'a.ts': fine }), []);
});

test('parses imports and test titles in any quotes, with line numbers', () => {
  const text = `import a from 'one';
import type { B } from "two";
import {
  c,
} from './three.ts';
export { d, e } from 'four';
const f = await import('five');
const g = import(name);
// import h from 'comment';
test('[A-1] one', () => {}); it(
  "two's", fn); test(\`three \${n}\`, fn); latest('no')`;
  const source = readSource('a.ts', text);
  assert.deepEqual(
    importsOf(source).map(({ specifier, offset }) => [specifier, lineAt(text, offset)]),
    [
      ['one', 1],
      ['two', 2],
      ['./three.ts', 5],
      ['four', 6],
      ['five', 7],
      ['', 8],
    ],
  );
  assert.deepEqual(
    testTitlesOf(source).map(({ title }) => title),
    ['[A-1] one', "two's", 'three '],
  );
});

test('reports broken links to files and headings in documents', () => {
  const files = {
    'docs/a.md': '# One thing, and: another\n\n[x](b.md) [y](#one-thing-and-another)\n`[z](no.md)`',
    'docs/b.md': '[up](../README.md) [out](https://example.org/x) ![](i.svg) [dir](decisions/)',
    'docs/i.svg': '',
    'docs/decisions/0001-a.md': '',
    'README.md': '[d](docs/a.md#one-thing-and-another)',
  };
  assert.deepEqual(told(documentFaults, files), []);
  const faults = told(documentFaults, {
    ...files,
    'README.md': '\n[d](docs/c.md)\n[e](docs/a.md#two)',
  });
  assert.equal(faults.length, 2);
  assert.match(faults[0] ?? '', /README\.md:2 {2}docs\/c\.md is a broken link/);
  assert.match(faults[1] ?? '', /README\.md:3 {2}docs\/a\.md has no heading #two/);
});

test('reports a documented path that does not exist', () => {
  const files = {
    'apps/a/src/b.ts': '',
    'README.md': '`apps/a/src/b.ts`, `apps/a`, `apps/a/dist` and `npm test`',
  };
  assert.deepEqual(told(documentFaults, files), []);
  const faults = told(documentFaults, { ...files, 'README.md': '\nSee `apps/a/src/c.ts`.' });
  assert.deepEqual(faults, ['README.md:2  There is no apps/a/src/c.ts.']);
});

test('reports a documented code file or constant that does not exist', () => {
  const files = {
    'apps/a/src/b.ts': 'export const TURN_MS = 1;',
    'apps/a/README.md': '`b.ts`, `src/b.ts`, `./src/b.ts`, `TURN_MS / 2` and `NODE`\n```\nC_D\n```',
  };
  assert.deepEqual(told(documentFaults, files), []);
  const faults = told(documentFaults, {
    ...files,
    'apps/a/README.md': '```\nx\n```\n`c.ts`, `./b.ts`\n`TURN_MS` of `TURNS_MAX`',
  });
  assert.deepEqual(faults, [
    'apps/a/README.md:4  There is no c.ts.',
    'apps/a/README.md:4  There is no ./b.ts.',
    'apps/a/README.md:5  No code names TURNS_MAX.',
  ]);
});

test('reports a documented npm script or argument that does not exist', () => {
  const files = {
    'package.json': '{ "scripts": { "bench": "", "farandole": "", "test": "", "test:long": "" } }',
    'apps/bench/src/scenarios/relay.ts': '',
    'apps/server/src/cli/arguments.ts':
      'const USAGE = `Usage:\n\n  user add NAME  x\n  doctor  y`;',
    'apps/a/test/b.test.ts': '',
    'README.md':
      '`npm test -- a/test`, `npm run bench -- relay --rounds 3`, `npm run bench -- NAME`',
    'docs/a.md': 'npm run test:long -- trust\nnpm run farandole -- user add NAME\nnpm audit',
  };
  assert.deepEqual(told(commandFaults, files), []);
  const faults = told(commandFaults, {
    ...files,
    'README.md': 'npm start\nnpm test -- c\nnpm run bench -- relay crowd\nnpm run test:long -- x',
    'docs/a.md': 'npm run farandole -- user remove NAME',
  });
  assert.deepEqual(faults, [
    'README.md:1  package.json has no script start.',
    'README.md:2  npm run test knows no c.',
    'README.md:3  npm run bench knows no crowd.',
    'README.md:4  npm run test:long knows no x.',
    'docs/a.md:1  The command line has no command user remove.',
  ]);
});

test('reports commands listed only by the usage text or the document', () => {
  const files = {
    'apps/server/src/cli/arguments.ts':
      'const USAGE = `Usage:\n\n  user add NAME  x\n      more\n  doctor  y\n`;',
    'docs/command-line.md': '| command | x |\n|---|---|\n| `user add NAME`, `doctor` | `z` |\n',
  };
  assert.deepEqual(told(commandFaults, files), []);
  const other = { ...files, 'docs/command-line.md': '| `user add NAME`, `user list` | z |\n' };
  assert.deepEqual(told(commandFaults, other), [
    'docs/command-line.md:1  The command line has no command user list.',
    'docs/command-line.md  The table leaves out doctor.',
  ]);
});

test('reports a documented test file name that is missing or ambiguous', () => {
  const files = { 'apps/a/test/b.test.ts': '', 'apps/c/test/b.test.ts': '', 'e2e/d.spec.ts': '' };
  const faults = told(documentFaults, {
    ...files,
    'README.md': '`b.test.ts`\n`d.spec.ts`\n`e-contract.ts`',
  });
  assert.deepEqual(faults, [
    'README.md:1  2 files are named b.test.ts.',
    'README.md:3  There is no e-contract.ts.',
  ]);
});

test('reports a test cited by a document that does not exist', () => {
  const files = {
    'apps/a/test/b.test.ts': `test("it's [B-1] true", f);`,
    'README.md': "`apps/a/test/b.test.ts` “it's [B-1] true”",
  };
  assert.deepEqual(told(documentFaults, files), []);
  const faults = told(documentFaults, { ...files, 'README.md': '`apps/a/test/b.test.ts` “no”' });
  assert.deepEqual(faults, ['README.md:1  apps/a/test/b.test.ts has no test “no”.']);
});

test('reports a package that ARCHITECTURE.md omits or describes differently', () => {
  const rows = ROOMS.map(
    (room) => `| [${nameOfRoom(room)}](../${room.folder}) | x | ${room.rooms.join(', ') || '–'} |`,
  );
  const map = (lines: readonly string[]) => ({ 'docs/ARCHITECTURE.md': lines.join('\n') });
  assert.deepEqual(told(mapFaults, map(rows)), []);
  assert.match(told(mapFaults, map(rows.slice(1))).join(), /The map lacks packages\/kernel/);
  const wrong = rows.map((row) => row.replace('| kernel, protocol, matchmaking |', '| kernel |'));
  const [first = ''] = told(mapFaults, map(wrong));
  const line = 1 + ROOMS.findIndex((room) => nameOfRoom(room) === 'gateway');
  assert.match(first, /gateway may import kernel, protocol, match/);
  assert.ok(first.startsWith(`docs/ARCHITECTURE.md:${line} `), first);
});

test('reports settings that are only read or only documented', () => {
  const files = {
    'apps/server/src/config.ts': `const t = { PORT: 1, 'FARANDOLE_RELAY': 2 }; env.HOST;`,
    'docs/configuration.md': '| `PORT` | x |\n| `HOST` | x |\n| `FARANDOLE_RELAY` | x |\n',
  };
  assert.deepEqual(told(settingFaults, files), []);
  const untold = {
    ...files,
    'docs/configuration.md': '| `PORT` |\n| `HOST` |\n| `FARANDOLE_GONE` |',
  };
  assert.deepEqual(told(settingFaults, untold), [
    'apps/server/src/config.ts:1  FARANDOLE_RELAY is not in the table of docs/configuration.md.',
    'docs/configuration.md:3  apps/server reads no setting FARANDOLE_GONE.',
  ]);
});

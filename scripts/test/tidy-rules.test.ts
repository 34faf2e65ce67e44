/** Each rule of the tidy test is shown a planted fault that it must find, and good code beside it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nameOfRoom, ROOMS } from '../tidy/rooms.ts';
import { documentFaults } from '../tidy/rules/documents.ts';
import { fileFaults } from '../tidy/rules/files.ts';
import { honestyFaults } from '../tidy/rules/honesty.ts';
import { importFaults } from '../tidy/rules/imports.ts';
import { layerFaults } from '../tidy/rules/layers.ts';
import { leakFaults } from '../tidy/rules/leaks.ts';
import { mapFaults } from '../tidy/rules/map.ts';
import { purityFaults } from '../tidy/rules/purity.ts';
import { settingFaults } from '../tidy/rules/settings.ts';
import { specFaults } from '../tidy/rules/specs.ts';
import { describeFault, type Fault, type Tree, treeOf } from '../tidy/tree.ts';

/** The faults of a small tree, as a person reads them. */
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

test('imports that the table allows and the manifest declares are no fault', () => {
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
  ['Node in a pure room', 'src/a.ts', `import 'node:fs';`, /may not import node:fs/],
  ['a package', 'src/a.ts', `import 'ws';`, /may not import ws/],
  ['the tests of another room', 'src/a.ts', `import './../../kernel/x.ts';`, /leaves the room/],
  ['its own tests', 'src/a.ts', `import '../test/x.ts';`, /do not import tests/],
  ['a file that is not there', 'src/a.ts', `import './x.ts';`, /no packages\/gateway\/src\/x\.ts/],
  ['a whole room', 'src/a.ts', `import '@farandole/kernel';`, /Name the file/],
  ['itself by name', 'src/a.ts', `import '@farandole/gateway/b';`, /by its path/],
  ['an undeclared room', 'src/a.ts', `import '@farandole/matchmaking/x';`, /is not declared/],
  ['a computed name', 'src/a.ts', 'await import(name);', /computed name/],
  ['a room that only tests may', 'src/a.ts', `\nexport * from '@farandole/cluster/x';`, /:2 /],
  ['an app in a test', 'test/a.test.ts', `import '@farandole/server/x';`, /may not import server/],
] as const) {
  test(`an import is found: ${what}`, () => {
    const faults = told(importFaults, { ...GATEWAY, [`packages/gateway/${path}`]: text });
    assert.equal(faults.length, 1, faults.join('\n'));
    assert.match(faults[0] ?? '', expected);
  });
}

test('finds imports that run up the layers, of types too, and cycles', () => {
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
  const round = { ...files, [at('chat/chat.ts')]: `import { call } from '../call/call.ts';` };
  assert.match(told(layerFaults, round)[0] ?? '', /A cycle of imports: /);
  const elsewhere = { ...files, [at('attic/box.ts')]: '' };
  assert.match(told(layerFaults, elsewhere)[0] ?? '', /no layer/);
});

test('a room outside the table and a dependency outside it are found', () => {
  assert.match(
    told(importFaults, { 'packages/attic/package.json': '{}' })[0] ?? '',
    /attic\/package\.json {2}This room is not in/,
  );
  const manifest = JSON.stringify({ dependencies: { lodash: '4.17.21' } });
  const faults = told(importFaults, { 'packages/kernel/package.json': manifest });
  assert.match(faults[0] ?? '', /lodash is among the dependencies/);
});

test('pure code that only looks like it names the machine is no fault', () => {
  const text = `// Date.now() is not for us
    const label = 'Math.random()';
    const { date, upDate } = state.Date.crypto;
    const all = [...dates, Math.max(1, 2)];
    export const timers = \`setTimeout \${label}\`;`;
  assert.deepEqual(told(purityFaults, { ...KERNEL, 'packages/kernel/src/a.ts': text }), []);
});

for (const [text, expected] of [
  ['const now = Date.now();', /:1 {2}A pure room does not name Date: time is an argument/],
  ['\n\nsetTimeout(f, 1);', /:3 {2}A pure room does not name setTimeout/],
  ['const x = Math.random();', /Math\.random: chance is an argument/],
  ['const x = Math["random"]();', /Math\[/],
  ['console.log(1)', /console/],
  ['const a = [...process.argv];', /process/],
  ['const text = `${performance.now()}`;', /performance/],
  ['new TextDecoder()', /TextDecoder/],
  ['crypto.subtle', /crypto/],
  ['const m = await import("./x.ts");', /import\(/],
  ['const u = import.meta.url;', /import\.meta/],
] as const) {
  test(`impurity is found: ${text.trim()}`, () => {
    const faults = told(purityFaults, { ...KERNEL, 'packages/kernel/src/a.ts': text });
    assert.equal(faults.length, 1, faults.join('\n'));
    assert.match(faults[0] ?? '', expected);
  });
}

test('tests of a pure room and rooms that are not pure may name the machine', () => {
  const files = {
    'packages/kernel/test/a.test.ts': 'Date.now()',
    'apps/server/src/a.ts': 'Date.now()',
  };
  assert.deepEqual(told(purityFaults, { ...KERNEL, ...files }), []);
});

test('a pure room whose tsconfig sees more than the language is found', () => {
  for (const options of ['{ "lib": ["es2023", "dom"] }', '{ "types": ["node"] }']) {
    const text = `{ "extends": "../../tsconfig.base.json", "compilerOptions": ${options} }`;
    const faults = told(purityFaults, { ...KERNEL, 'packages/kernel/tsconfig.json': text });
    assert.match(faults.join(), /kernel\/tsconfig\.json/);
  }
});

test('a rule without a test, a citation without a rule and a doubled rule are found', () => {
  const spec = '# Rules\n\n- **KN-1** One, see KN-9.\n- **KN-2** Two.\n\n### KN-3 Three\n';
  const tests = `test('[KN-1] one', f); test('[KN-2, KN-3] both', f);`;
  const files = { 'packages/kernel/SPEC.md': spec, 'packages/kernel/test/a.test.ts': tests };
  assert.deepEqual(told(specFaults, files), []);
  const fewer = { ...files, 'packages/kernel/test/a.test.ts': `test('[KN-1] [KN-3] x', f);` };
  assert.deepEqual(told(specFaults, fewer), [
    `packages/kernel/SPEC.md:4  No test shows KN-2: begin a test's title with [KN-2].`,
  ]);
  const more = { ...files, 'e2e/a.spec.ts': `\ntest('[KN-7] unknown', f);` };
  assert.deepEqual(told(specFaults, more), ['e2e/a.spec.ts:2  No SPEC.md states KN-7.']);
  const doubled = { ...files, 'packages/kernel/SPEC.md': `${spec}- **KN-1** Again.\n` };
  assert.match(told(specFaults, doubled).join(), /SPEC\.md:7 {2}KN-1 is stated twice/);
});

for (const [what, path, text] of [
  ['an assertion to any', 'apps/a/src/a.ts', 'const a = b as any;'],
  ['a double assertion', 'apps/a/src/a.ts', 'const a = b as unknown as C;'],
  ['a silenced compiler', 'apps/a/src/a.ts', '// @ts-ignore'],
  ['a silenced linter', 'apps/a/src/a.ts', '/* oxlint-disable no-console */'],
  ['a note to oneself', 'apps/a/src/a.ts', '// TODO later'],
  ['a barrel', 'apps/a/src/a.ts', `export * from './b.ts';`],
  ['a skipped test', 'apps/a/test/a.test.ts', `test.skip('x', f);`],
  ['a focused test', 'e2e/a.spec.ts', `test.describe.only('x', f);`],
  ['a test to be done', 'apps/a/test/a.test.ts', `test('x', { todo: true }, f);`],
  ['a retried story', 'e2e/playwright.config.ts', 'export const c = { retries: 2 };'],
  ['a story that waits for time', 'e2e/a.spec.ts', 'await page.waitForTimeout(500);'],
] as const) {
  test(`what is silenced is found: ${what}`, () => {
    assert.equal(told(honestyFaults, { [path]: text }).length, 1);
  });
}

test('honest code is no fault', () => {
  const text = `// We skip nothing.\nconst only = 'as any'; const many = { retries: 0 }; list.skip(1);`;
  assert.deepEqual(told(honestyFaults, { 'apps/a/src/a.ts': text }), []);
  assert.deepEqual(told(honestyFaults, { 'e2e/a.config.ts': 'const c = { retries: 0 };' }), []);
});

test('file names of ours and of tools are no fault; others and indexes are', () => {
  const good = [
    'apps/a/src/call-machine.test.ts',
    'README.md',
    '.oxlintrc.json',
    'deploy/Caddyfile',
  ];
  assert.deepEqual(told(fileFaults, Object.fromEntries(good.map((path) => [path, '']))), []);
  for (const path of ['apps/a/src/CallMachine.ts', 'apps/a/src/call_machine.ts', 'a/index.ts']) {
    assert.equal(told(fileFaults, { [path]: '' }).length, 1, path);
  }
});

test('a file of 500 lines is read in one sitting, one of 501 is not', () => {
  assert.deepEqual(told(fileFaults, { 'a.ts': 'x\n'.repeat(500) }), []);
  assert.match(told(fileFaults, { 'a.ts': 'x\n'.repeat(501) })[0] ?? '', /501 lines/);
  assert.deepEqual(told(fileFaults, { 'a.md': 'x\n'.repeat(501) }), []);
});

test('paths of a machine and hosts of a registry are found, addresses of pages are not', () => {
  const path = ['', 'home', 'someone', 'x'].join('/');
  assert.match(told(leakFaults, { 'a.ts': `\nconst p = '${path}';` })[0] ?? '', /a\.ts:2 /);
  const host = ['registry', 'example', 'org'].join('.');
  assert.equal(told(leakFaults, { 'package-lock.json': `"https://${host}/a.tgz"` }).length, 1);
  const fine = `fetch('/work-life'); see('https://example.org/home/page'); './home/x'`;
  assert.deepEqual(told(leakFaults, { 'a.ts': fine }), []);
});

test('links that lead nowhere are found, to a file as to a heading', () => {
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
  assert.match(faults[0] ?? '', /README\.md:2 {2}docs\/c\.md leads nowhere/);
  assert.match(faults[1] ?? '', /README\.md:3 {2}docs\/a\.md has no heading #two/);
});

test('a path that a document names and that is not there is found', () => {
  const files = {
    'apps/a/src/b.ts': '',
    'README.md': '`apps/a/src/b.ts`, `apps/a`, `apps/a/dist` and `npm test`',
  };
  assert.deepEqual(told(documentFaults, files), []);
  const faults = told(documentFaults, { ...files, 'README.md': '\nSee `apps/a/src/c.ts`.' });
  assert.deepEqual(faults, ['README.md:2  There is no apps/a/src/c.ts.']);
});

test('a room that the map leaves out, or tells otherwise than the table, is found', () => {
  const rows = ROOMS.map(
    (room) => `| [${nameOfRoom(room)}](../${room.folder}) | x | ${room.rooms.join(', ') || '–'} |`,
  );
  const map = (lines: readonly string[]) => ({ 'docs/ARCHITECTURE.md': lines.join('\n') });
  assert.deepEqual(told(mapFaults, map(rows)), []);
  assert.match(told(mapFaults, map(rows.slice(1))).join(), /The map leaves out packages\/kernel/);
  const wrong = rows.map((row) => row.replace('| kernel, protocol, matchmaking |', '| kernel |'));
  const [first = ''] = told(mapFaults, map(wrong));
  const line = 1 + ROOMS.findIndex((room) => nameOfRoom(room) === 'gateway');
  assert.match(first, /gateway may import kernel, protocol, match/);
  assert.ok(first.startsWith(`docs/ARCHITECTURE.md:${line} `), first);
});

test('a setting that is read but not told, or told but not read, is found', () => {
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

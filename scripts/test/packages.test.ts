import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { differenceOfLocks, faultsOfLock, whyInstall } from '../lib/packages.mjs';
import { temporaryFolder } from './temporary-folder.ts';

const digest = `sha512-${'A'.repeat(86)}==`;
const entry = { version: '1.2.3', integrity: digest };
const wanted = {
  '': { version: '0.1.0' },
  'node_modules/one': entry,
  'node_modules/for-others': { ...entry, optional: true },
  'node_modules/node-here': { ...entry, optional: true },
};
const installed = { 'node_modules/one': entry, 'node_modules/node-here': entry };

test('installs no package when npm’s installation record matches the lockfile', () => {
  assert.equal(differenceOfLocks(wanted, installed, 'node-here'), null);
});

test('names each difference between the lockfile and npm’s installation record', () => {
  const told = (record: Parameters<typeof differenceOfLocks>[1]): string | null =>
    differenceOfLocks(wanted, record, 'node-here');
  assert.match(told({ 'node_modules/node-here': entry }) ?? '', /node_modules\/one is missing/);
  assert.match(
    told({ ...installed, 'node_modules/one': { ...entry, version: '1.2.4' } }) ?? '',
    /is 1\.2\.4, not 1\.2\.3/,
  );
  const otherDigest = { ...entry, integrity: digest.replace('A', 'B') };
  assert.notEqual(told({ ...installed, 'node_modules/one': otherDigest }), null);
  assert.match(told({ ...installed, 'node_modules/old': entry }) ?? '', /old is left over/);
});

test('allows missing optional packages except this machine’s pinned Node', () => {
  const record = { 'node_modules/one': entry };
  assert.match(differenceOfLocks(wanted, record, 'node-here') ?? '', /node-here is missing/);
  assert.equal(differenceOfLocks(wanted, record, 'node-elsewhere'), null);
});

test('detects an interrupted installation and a deleted package folder', (t) => {
  const root = temporaryFolder(t);
  const write = (path: string, content: object): void => {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), JSON.stringify(content));
  };
  write('package-lock.json', { packages: wanted });
  write('node_modules/one/package.json', {});
  write('node_modules/node-here/package.json', {});
  assert.match(whyInstall(root, 'node-here') ?? '', /incomplete/);
  write('node_modules/.package-lock.json', { packages: installed });
  assert.equal(whyInstall(root, 'node-here'), null);
  rmSync(join(root, 'node_modules/one'), { recursive: true });
  assert.match(whyInstall(root, 'node-here') ?? '', /node_modules\/one is missing/);
  writeFileSync(join(root, 'node_modules/.package-lock.json'), '{"packages": {');
  assert.match(whyInstall(root, 'node-here') ?? '', /incomplete/);
  rmSync(join(root, 'package-lock.json'));
  assert.throws(() => whyInstall(root, 'node-here'), /package-lock\.json cannot be read/);
});

test('accepts exact package versions with SHA-512 digests and our own packages', () => {
  const ours = {
    'apps/one': {},
    'node_modules/@farandole/one': { link: true, resolved: 'apps/one' },
  };
  const bundled = { 'node_modules/one/node_modules/two': { version: '1.0.0', inBundle: true } };
  assert.deepEqual(faultsOfLock({ ...wanted, ...ours, ...bundled }), []);
});

test('rejects a lockfile entry without a digest or from another host', () => {
  const faults = (fault: object): string[] =>
    faultsOfLock({ 'node_modules/it': { ...entry, ...fault } });
  assert.deepEqual(faultsOfLock({ 'node_modules/it': { version: '1.0.0' } }), [
    'node_modules/it has no digest',
  ]);
  assert.match(faults({ integrity: 'sha1-AAAA' })[0] ?? '', /other than one SHA-512/);
  assert.match(faults({ integrity: `${digest} sha1-AAAA` })[0] ?? '', /other than one SHA-512/);
  assert.match(
    faults({ resolved: 'git+ssh://example.org/it.git' })[0] ?? '',
    /records its registry URL/,
  );
  assert.match(faults({ name: 'another' })[0] ?? '', /alias of another/);
  const tfjs = (name: string): string[] =>
    faultsOfLock({ 'node_modules/@tensorflow/tfjs': { ...entry, name } });
  assert.deepEqual(tfjs('@tensorflow/tfjs-core'), []);
  assert.match(tfjs('another')[0] ?? '', /alias of another/);
  assert.match(faults({ version: 'latest' })[0] ?? '', /no exact version/);
});

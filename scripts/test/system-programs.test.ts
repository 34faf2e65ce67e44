import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isThere, withoutDaemons } from '../lib/system-programs.mjs';
import { temporaryFolder } from './temporary-folder.ts';

test('starts no daemons while Debian packages are installed', async (t) => {
  const policy = join(temporaryFolder(t), 'policy-rc.d');
  const seen = await withoutDaemons(policy, async () => {
    assert.equal(statSync(policy).mode & 0o777, 0o755);
    return readFileSync(policy, 'utf8');
  });
  assert.match(seen, /^#!\/bin\/sh\n[^]*exit 101\n$/);
  assert.ok(!existsSync(policy));
});

test('restores an existing daemon policy, even after a failure', async (t) => {
  const policy = join(temporaryFolder(t), 'policy-rc.d');
  writeFileSync(policy, '#!/bin/sh\nexit 0\n');
  await assert.rejects(
    withoutDaemons(policy, () => Promise.reject(new Error('apt'))),
    /apt/,
  );
  assert.equal(readFileSync(policy, 'utf8'), '#!/bin/sh\nexit 0\n');
});

test('restores a daemon policy that an interrupted run moved away', async (t) => {
  const policy = join(temporaryFolder(t), 'policy-rc.d');
  const ours = await withoutDaemons(policy, async () => readFileSync(policy, 'utf8'));
  writeFileSync(policy, ours);
  writeFileSync(`${policy}.before-farandole`, '#!/bin/sh\nexit 0\n');
  await withoutDaemons(policy, async () => assert.equal(readFileSync(policy, 'utf8'), ours));
  assert.equal(readFileSync(policy, 'utf8'), '#!/bin/sh\nexit 0\n');
});

test('tells whether a program is on the path', () => {
  assert.ok(isThere({ program: 'node' }));
  assert.ok(!isThere({ program: 'no-such-program-here' }));
});

test('finds a program in a subfolder named after a version', (t) => {
  const versionsIn = temporaryFolder(t);
  const it = { program: 'a-program-of-versions', versionsIn };
  for (const version of ['15', '17'])
    mkdirSync(join(versionsIn, version, 'bin'), { recursive: true });
  assert.ok(!isThere(it));
  writeFileSync(join(versionsIn, '17', 'bin', it.program), '', { mode: 0o755 });
  assert.ok(isThere(it));
  assert.ok(!isThere({ ...it, versionsIn: join(versionsIn, 'nowhere') }));
});

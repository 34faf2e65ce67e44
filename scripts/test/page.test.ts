import assert from 'node:assert/strict';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { digestOf } from '../lib/page.mjs';
import { temporaryFolder } from './temporary-folder.ts';

test('changes the sources’ digest with a file’s content, name or addition', async (t) => {
  const base = temporaryFolder(t);
  mkdirSync(join(base, 'web/src'), { recursive: true });
  writeFileSync(join(base, 'web/src/a.ts'), 'one');
  writeFileSync(join(base, 'lock'), '{}');
  const digest = (): Promise<string> => digestOf(base, ['web', 'lock', 'absent']);
  const seen = [await digest()];
  assert.equal(await digest(), seen[0], 'nothing changed');
  writeFileSync(join(base, 'web/src/a.ts'), 'two');
  seen.push(await digest());
  renameSync(join(base, 'web/src/a.ts'), join(base, 'web/src/b.ts'));
  seen.push(await digest());
  writeFileSync(join(base, 'web/src/c.ts'), '');
  seen.push(await digest());
  writeFileSync(join(base, 'absent'), '');
  seen.push(await digest());
  assert.equal(new Set(seen).size, seen.length);
});

test('ignores build output, packages and tests in the sources’ digest', async (t) => {
  const base = temporaryFolder(t);
  mkdirSync(join(base, 'web'));
  const before = await digestOf(base, ['web']);
  for (const folder of ['dist', 'node_modules', 'test']) {
    mkdirSync(join(base, 'web', folder));
    writeFileSync(join(base, 'web', folder, 'x.ts'), 'x');
  }
  assert.equal(await digestOf(base, ['web']), before);
});

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { SqliteHere } from '../src/sqlite/sqlite-here.ts';
import { closedAfter } from './support/closing.ts';
import { KEY } from './support/keys.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const FILLER = join(import.meta.dirname, 'support', 'filler.ts');

test('[ST-62] names the disk, not the rollback, when SQLite rolls back by itself', async (t) => {
  const folder = await temporaryFolder();
  t.after(folder.remove);
  const path = join(folder.path, 'store.sqlite');
  await (await SqliteHere.open(path, KEY)).close();
  const args = ['--fsize=1500000', process.execPath, FILLER, path];
  const { stdout } = await promisify(execFile)('prlimit', args);
  const failures = stdout.split('\n').filter((line) => line.startsWith('failed'));
  assert.equal(failures.length, 100);
  for (const line of failures) assert.match(line, /^failed SQLITE_(?:IOERR_WRITE|FULL)/);
  const store = closedAfter(t, await SqliteHere.open(path, KEY));
  assert.equal((await store.run('audit.verify', null)).ok, true);
});

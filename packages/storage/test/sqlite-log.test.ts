import assert from 'node:assert/strict';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { LOG_PAGES_REUSED } from '../src/limits.ts';
import { SqliteStore } from '../src/sqlite/sqlite-store.ts';
import { closedAfter } from './support/closing.ts';
import { reportFrom } from './support/desk.ts';
import { KEY } from './support/keys.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const PAGE_BYTES = 4_096;

test('[ST-4c] copies the log during commits and writes it from its start again', async (t) => {
  const folder = await temporaryFolder();
  t.after(folder.remove);
  const path = join(folder.path, 'store.sqlite');
  const store = closedAfter(t, await SqliteStore.open(path, KEY));
  const sizeBefore = statSync(path).size;
  const before = headOf(`${path}-wal`);
  for (let n = 0; headOf(`${path}-wal`) === before; n++) {
    await store.run('report.take', reportFrom(n, { by: `by-${n}`, of: `of-${n}` }));
  }
  assert.ok(statSync(`${path}-wal`).size >= LOG_PAGES_REUSED * PAGE_BYTES);
  assert.ok(statSync(path).size > sizeBefore);
});

/** Returns the head of a log, which differs each time the log is written from its start. */
function headOf(path: string): string {
  const head = Buffer.alloc(32);
  const file = openSync(path, 'r');
  try {
    readSync(file, head);
  } finally {
    closeSync(file);
  }
  return head.toString('hex');
}

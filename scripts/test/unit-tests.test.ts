import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readNodeCounts } from '../lib/counts.mjs';
import { unitTestArgs } from '../lib/unit-tests.mjs';
import { temporaryFolder } from './temporary-folder.ts';

/** A thread that never ends. */
const THREAD = `new Worker('setInterval(() => {}, 1000)', { eval: true })`;

test('reports tests that leave threads or never end, without blocking the run', (t) => {
  const folder = temporaryFolder(t);
  const report = join(folder, 'counts.json');
  const files = Object.entries({
    'leaves.test.mjs': `
      import { Worker } from 'node:worker_threads';
      test('fails while it is open', () => { ${THREAD}; throw new Error('planted'); });
      test('is run all the same', () => {});`,
    'waits.test.mjs': `test('waits for what never comes', () => new Promise(() => {}));`,
    'leaks.test.mjs': `
      import { Worker } from 'node:worker_threads';
      test('passes, and leaves something', () => { ${THREAD}; });`,
    'ends.test.mjs': `test('ends', () => {});`,
  }).map(([name, text]) => {
    writeFileSync(join(folder, name), `import { test } from 'node:test';\n${text}`);
    return join(folder, name);
  });
  // The variable is removed, because a nested run would otherwise report to the outer run.
  const { NODE_TEST_CONTEXT: _, ...outer } = process.env;
  const env = { ...outer, TEST_FILE_GOODBYE_MS: '200' };
  const args = unitTestArgs(files, report, 1_000);
  const { status, stdout } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
  assert.equal(status, 1);
  assert.match(stdout, /✖ fails while it is open[^]*✔ is run all the same/u);
  assert.match(stdout, /Error: planted/u);
  assert.match(stdout, /✖ waits for what never comes[^]*test timed out after 1000ms/u);
  for (const name of ['leaves', 'leaks']) {
    assert.match(stdout, new RegExp(`^stopped: ${name}\\.test\\.mjs did not end in 0\\.2 s`, 'mu'));
  }
  // The run reports the file that leaves threads as failed.
  assert.match(stdout, /^✖ \S*leaks\.test\.mjs/mu);
  assert.deepEqual(readNodeCounts(report), { passed: 3, failed: 3, skipped: 0 });
});

test('starts the longest files first and keeps the order within a folder', () => {
  const files = ['apps/server/a', 'apps/server/b', 'apps/web/c', 'packages/storage/d'];
  const args = unitTestArgs(files, 'counts.json');
  assert.deepEqual(args.slice(-files.length), [
    'packages/storage/d',
    'apps/server/a',
    'apps/server/b',
    'apps/web/c',
  ]);
});

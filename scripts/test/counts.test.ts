import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  addCounts,
  closingLine,
  readNodeCounts,
  readPlaywrightCounts,
  readTimes,
} from '../lib/counts.mjs';
import { unitTestArgs } from '../lib/unit-tests.mjs';
import { temporaryFolder } from './temporary-folder.ts';

const reporter = join(import.meta.dirname, '..', 'lib', 'count-reporter.mjs');

/**
 * With the environment variable NODE_TEST_CONTEXT, a nested test run would report to its parent
 * instead of printing its output.
 */
const { NODE_TEST_CONTEXT: _, ...NESTED } = process.env;

test('counts node:test results over all files of a run', (t) => {
  const folder = temporaryFolder(t);
  const report = join(folder, 'counts.json');
  const one = join(folder, 'one.test.mjs');
  const two = join(folder, 'two.test.mjs');
  writeFileSync(
    one,
    `import { test } from 'node:test';
    test('passes', () => {});
    test('fails', () => { throw new Error('planted'); });`,
  );
  writeFileSync(two, `import { test } from 'node:test'; test('passes too', () => {});`);
  const args = [`--test-reporter=${reporter}`, `--test-reporter-destination=${report}`];
  const { status } = spawnSync(process.execPath, ['--test', ...args, one, two], { env: NESTED });
  assert.equal(status, 1);
  assert.deepEqual(readNodeCounts(report), { passed: 2, failed: 1, skipped: 0 });
  const times = readTimes(report, join(folder, 'absent'));
  assert.deepEqual(times.map(({ name }) => name).sort(), [one, two]);
});

test('lists test files and stories, slowest first', (t) => {
  const folder = temporaryFolder(t);
  const [unit, stories] = [join(folder, 'unit.json'), join(folder, 'stories.json')];
  writeFileSync(unit, '{"passed":2,"times":{"a.test.ts":20,"b.test.ts":900}}');
  const spec = (title: string, duration: number) => ({
    title,
    tests: [{ results: [{ duration }] }],
  });
  const inner = { file: 'c.spec.ts', specs: [spec('waits', 50)] };
  const outer = { file: 'c.spec.ts', specs: [spec('meets', 1_000)], suites: [inner] };
  writeFileSync(stories, JSON.stringify({ suites: [outer] }));
  assert.deepEqual(readTimes(unit, stories), [
    { name: 'c.spec.ts: meets', ms: 1_000 },
    { name: 'b.test.ts', ms: 900 },
    { name: 'c.spec.ts: waits', ms: 50 },
    { name: 'a.test.ts', ms: 20 },
  ]);
});

test('counts cancelled and todo tests as not passed', (t) => {
  const report = join(temporaryFolder(t), 'counts.json');
  writeFileSync(report, '{"passed":5,"failed":1,"cancelled":2,"skipped":1,"todo":3}\n');
  assert.deepEqual(readNodeCounts(report), { passed: 5, failed: 3, skipped: 4 });
});

test('counts a story that passed on retry as failed', (t) => {
  const report = join(temporaryFolder(t), 'stories.json');
  const stats = { expected: 9, unexpected: 1, flaky: 1, skipped: 2 };
  writeFileSync(report, JSON.stringify({ stats }));
  assert.deepEqual(readPlaywrightCounts(report), { passed: 9, failed: 2, skipped: 2 });
});

test('returns no counts for an incomplete test run', (t) => {
  const folder = temporaryFolder(t);
  assert.equal(readNodeCounts(join(folder, 'absent')), null);
  writeFileSync(join(folder, 'half'), '{"passed": 3,');
  assert.equal(readNodeCounts(join(folder, 'half')), null);
  assert.equal(readPlaywrightCounts(join(folder, 'half')), null);
  assert.equal(readFileSync(join(folder, 'half'), 'utf8').length, 13);
});

test('prints the sums of both test runners’ counts in the last line', () => {
  const sum = addCounts(
    { passed: 1, failed: 2, skipped: 3 },
    { passed: 10, failed: 20, skipped: 30 },
  );
  assert.equal(closingLine(sum), 'tests: 11 passed, 22 failed, 33 skipped');
});

const THREAD = `new Worker('setInterval(() => {}, 1000)', { eval: true })`;

test('ends and reports test files that leave threads or never end', (t) => {
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
    'errs.test.mjs': `
      test('waits after an error elsewhere', async () => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        setImmediate(() => { throw new Error('elsewhere'); });
        setInterval(() => {}, 1000);
        await new Promise(() => {});
      });`,
    'ends.test.mjs': `
      import { executionAsyncId } from 'node:async_hooks';
      test('ends, without a hook on promises', async () => {
        await null;
        if (executionAsyncId() !== 0) throw new Error('A hook tracks promises.');
      });`,
  }).map(([name, text]) => {
    writeFileSync(join(folder, name), `import { test } from 'node:test';\n${text}`);
    return join(folder, name);
  });
  const env = { ...NESTED, TEST_FILE_GOODBYE_MS: '200' };
  const args = unitTestArgs(files, report, 1_000);
  const { status, stdout } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
  assert.equal(status, 1);
  assert.match(stdout, /✖ fails while it is open[^]*✔ is run all the same/u);
  assert.match(stdout, /Error: planted/u);
  assert.match(stdout, /Error: elsewhere/u);
  assert.match(stdout, /✖ waits for what never comes[^]*test timed out after 1000ms/u);
  for (const name of ['leaves', 'leaks', 'errs']) {
    assert.match(stdout, new RegExp(`^stopped: ${name}\\.test\\.mjs did not end in 0\\.2 s`, 'mu'));
  }
  // Test files that leave a thread open, or err outside a test, are reported as failed.
  assert.match(stdout, /^✖ \S*leaks\.test\.mjs/mu);
  assert.match(stdout, /^✖ \S*errs\.test\.mjs/mu);
  assert.deepEqual(readNodeCounts(report), { passed: 3, failed: 4, skipped: 0 });
});

test('starts the longest test files first and keeps the order within folders', () => {
  const files = ['apps/server/a', 'apps/server/b', 'apps/web/c', 'packages/storage/d'];
  const args = unitTestArgs(files, 'counts.json');
  assert.deepEqual(args.slice(-files.length), [
    'packages/storage/d',
    'apps/server/a',
    'apps/server/b',
    'apps/web/c',
  ]);
});

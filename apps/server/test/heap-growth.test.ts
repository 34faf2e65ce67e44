import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

const CHURN = join(import.meta.dirname, 'support', 'heap-churn.ts');
const YOUNG_CHURN = join(import.meta.dirname, 'support', 'young-churn.ts');
/** Two semi-spaces of V8's smallest size on a 64-bit machine. */
const SETTLED_BYTES_MAX = 2 * 1024 * 1024;
/**
 * Live data should be half of a bounded heap's maximum size, and a fifth of an unbounded heap's.
 */
const LESS_BY = 0.75;

test('a process with bounded heap growth uses less heap than one without', () => {
  const most = (...args: string[]): number =>
    Number(execFileSync(process.execPath, ['--expose-gc', CHURN, ...args], { encoding: 'utf8' }));

  assert.ok(most('bounded') < LESS_BY * most());
});

test('a settled heap has a young generation of the smallest size', () => {
  const size = (...args: string[]): number =>
    Number(execFileSync(process.execPath, [YOUNG_CHURN, ...args], { encoding: 'utf8' }));

  assert.ok(size() > 2 * SETTLED_BYTES_MAX);
  const settled = size('settled');
  assert.ok(settled > 0 && settled <= SETTLED_BYTES_MAX, `${settled} bytes`);
});

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

const CHURN = join(import.meta.dirname, 'support', 'heap-churn.ts');
/**
 * Live data should be half of a bounded heap's maximum size, and a fifth of an unbounded heap's.
 */
const LESS_BY = 0.75;

test('a process with bounded heap growth uses less heap than one without', () => {
  const most = (...args: string[]): number =>
    Number(execFileSync(process.execPath, ['--expose-gc', CHURN, ...args], { encoding: 'utf8' }));

  assert.ok(most('bounded') < LESS_BY * most());
});

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

const CHURN = join(import.meta.dirname, 'support', 'heap-churn.ts');
/** Live data is half of a bounded heap's maximum, and a fifth of an unbounded one's. */
const LESS_BY = 0.75;

test('grows a bounded heap less with the same live data', () => {
  const most = (...args: string[]): number =>
    Number(execFileSync(process.execPath, ['--expose-gc', CHURN, ...args], { encoding: 'utf8' }));

  assert.ok(most('bounded') < LESS_BY * most());
});

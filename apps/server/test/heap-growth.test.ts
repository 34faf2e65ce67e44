import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

const CHURN = join(import.meta.dirname, 'support', 'heap-churn.ts');
/** What is alive is half of the most that a bounded heap holds, and a fifth of an unbounded one. */
const LESS_BY = 0.75;

test('a heap that is bounded grows less, while as much in it is alive', () => {
  const most = (...args: string[]): number =>
    Number(execFileSync(process.execPath, ['--expose-gc', CHURN, ...args], { encoding: 'utf8' }));

  assert.ok(most('bounded') < LESS_BY * most());
});

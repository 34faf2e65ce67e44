import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

test('the simulation rejects an invalid seed or session count with one sentence', () => {
  for (const [option, value, max] of [
    ['--seed', '65536', 65_535],
    ['--seed', '-1', 65_535],
    ['--seed', 'x', 65_535],
    ['--sessions', '655360001', 655_360_000],
  ] as const) {
    const main = join(import.meta.dirname, 'main.ts');
    const { status, stderr } = spawnSync(process.execPath, [main, `${option}=${value}`], {
      encoding: 'utf8',
    });
    assert.equal(status, 2, stderr);
    assert.equal(stderr, `${option} takes a whole number from 0 to ${max}\n`);
  }
});

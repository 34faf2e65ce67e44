import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { partOf, worldsOf } from './worlds.ts';

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

test('the parts of a run are together the whole run', () => {
  const worlds = worldsOf(1, 70_000, {});
  const parts = ['1/3', '2/3', '3/3'].flatMap((part) => partOf(worlds, part));
  assert.deepEqual(
    parts.toSorted((a, b) => a.seed - b.seed),
    worlds,
  );
  for (const part of ['0/3', '4/3', '1', 'x/2'])
    assert.throws(() => partOf(worlds, part), RangeError);
});

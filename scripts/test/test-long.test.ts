import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  addResult,
  chooseShards,
  isDone,
  judge,
  readResults,
  type ShardResult,
} from '../lib/long-results.mjs';
import { LONG_SHARDS, SHARD_LIMIT_MINUTES } from '../lib/long-shards.mjs';
import { provedBy, provedTable } from '../lib/proved.mjs';
import { root } from '../setup.mjs';
import { temporaryFolder } from './temporary-folder.ts';

const PASSED: ShardResult = { ok: true, command: 'node a.ts', code: 0, seconds: 3, result: {} };

test('each long-test shard has a unique name, a seed and existing commands', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Readonly<Record<string, string>>;
  };
  assert.equal(new Set(LONG_SHARDS.map(({ name }) => name)).size, LONG_SHARDS.length);
  assert.equal(new Set(LONG_SHARDS.map(({ command }) => command)).size, LONG_SHARDS.length);
  for (const { name, command, minutes } of LONG_SHARDS) {
    assert.match(name, /^[a-z][a-z0-9-]*$/);
    assert.ok(
      minutes > 0 && minutes <= SHARD_LIMIT_MINUTES / 2,
      `${name}: room for a slow machine`,
    );
    const words = command.split(' ');
    assert.ok(!words.includes(''), `${name}: words are parted by single spaces`);
    const [program, first = '', second = ''] = words;
    if (program === 'npm') assert.ok(first === 'run' && second in scripts, command);
    else assert.ok(program === 'node' && existsSync(join(root, first)), command);
  }
});

test('long-test shards cover ten million sessions, a million resumes, a million hostile cases', () => {
  const sumOf = (word: string, prefix: string): number =>
    LONG_SHARDS.filter(({ name }) => name.startsWith(prefix)).reduce((sum, { command }) => {
      const words = command.split(' ');
      const at = words.indexOf(word);
      return at === -1 ? sum : sum + Number(words[at + 1]);
    }, 0);
  assert.equal(sumOf('--sessions', 'simulate-'), 10_000_000);
  const parts = LONG_SHARDS.filter(({ command }) => command.includes('--nodes 3'));
  assert.deepEqual(
    parts.map(({ command }) => command),
    [1, 2, 3, 4].map(
      (part) => `npm run simulate -- --nodes 3 --seed 1 --sessions 1000000 --part ${part}/4`,
    ),
  );
  assert.equal(sumOf('--cycles', 'resume-'), 1_000_000);
  assert.equal(sumOf('--cases', 'fuzz-'), 1_000_000);
});

test('passes a shard that exits with 0 and reports no violations', () => {
  const matrix: readonly [code: number, output: string, ok: boolean, result: unknown][] = [
    [0, 'words\n{"cycles":3,"violations":0}\n', true, { cycles: 3, violations: 0 }],
    [0, '{"cycles":3}', true, { cycles: 3 }],
    [0, '{"violations":1}\n', false, { violations: 1 }],
    [1, '{"violations":0}\n', false, { violations: 0 }],
    [0, '{"violations":0}\nand then it broke\n', false, null],
    [0, '3\n', false, null],
    [0, 'null\n', false, null],
    [0, '', false, null],
  ];
  for (const [code, output, ok, result] of matrix) {
    assert.deepEqual(judge(code, output), { ok, result, unreached: [] }, output);
  }
});

test('prints the figures that a shard missed, even if it passed', () => {
  const output = '{"bounds":{},"unreached":["bounds.p99Ms","ratios.bare-ws"]}\n';
  for (const code of [0, 1]) {
    const { ok, unreached } = judge(code, output);
    assert.deepEqual(
      { ok, unreached },
      { ok: code === 0, unreached: ['bounds.p99Ms', 'ratios.bare-ws'] },
    );
  }
  assert.deepEqual(judge(0, '{"unreached":7}').unreached, []);
});

test('runs the hostile, reports and crowd shards with `--judge`', () => {
  const commandOf = new Map(LONG_SHARDS.map(({ name, command }) => [name, command]));
  assert.match(commandOf.get('soak') ?? '', /^npm run soak -- --minutes 30$/);
  assert.match(commandOf.get('hostile') ?? '', / hostile .*--judge$/);
  assert.match(commandOf.get('reports') ?? '', / reports .*--judge$/);
  assert.match(commandOf.get('sockets-10000') ?? '', / crowd --connections 10000 .*--judge$/);
  assert.match(commandOf.get('memory-18000') ?? '', / memory --connections 18000 /);
});

test('sums the trials of each shard kind and bounds the failure rate', () => {
  const result = (name: string, seed: number, told: object): [string, ShardResult] => [
    name,
    { ...PASSED, command: `node ${name} --seed ${seed}`, seconds: 60, result: told },
  ];
  const rows = provedBy(
    Object.fromEntries([
      result('simulate-1', 11, { sessions: 1_000, violations: 0 }),
      result('simulate-2', 12, { sessions: 2_000, violations: 0 }),
      result('resume-1', 21, { cycles: 500, lost: 1, doubled: 2, reordered: 0, failed: 0 }),
      result('lighthouse', 1, { performance: 99 }),
      result('broken', 1, {}),
      ['gone', { ...PASSED, ok: false, result: null }],
    ]),
  );
  assert.deepEqual(
    rows.map(({ kind, trials, n, faults }) => [kind, trials, n, faults]),
    [
      ['simulate', 'sessions', 3_000, 0],
      ['resume', 'cycles', 500, 3],
    ],
  );
  const [, , simulate, resume] = provedTable(rows, '0123456789').split('\n');
  assert.equal(simulate, '| `simulate` | 3,000 sessions | 0 | 1.0e-3 | 11, 12 | 0123456 | 2 min |');
  assert.equal(resume, '| `resume` | 500 cycles | 3 | – | 21 | 0123456 | 1 min |');
});

test('skips a shard that passed, unless its command changed', () => {
  const shard = { name: 'a', command: 'node a.ts', minutes: 1 };
  assert.equal(isDone({}, shard), false);
  assert.equal(isDone({ a: PASSED }, shard), true);
  assert.equal(isDone({ a: { ...PASSED, ok: false } }, shard), false);
  assert.equal(isDone({ a: PASSED }, { ...shard, command: 'node a.ts --more' }), false);
  assert.equal(isDone({ b: PASSED }, shard), false);
});

test('adds a shard’s result and reads a partial results file as empty', (t) => {
  const file = join(temporaryFolder(t), 'long', 'results.json');
  assert.deepEqual(readResults(file), {});
  addResult(file, 'a', PASSED);
  addResult(file, 'b', { ...PASSED, ok: false });
  addResult(file, 'a', { ...PASSED, seconds: 4 });
  assert.deepEqual(readResults(file), {
    a: { ...PASSED, seconds: 4 },
    b: { ...PASSED, ok: false },
  });
  writeFileSync(file, '{"a":');
  assert.deepEqual(readResults(file), {});
});

test('selects shards by name in the list’s order; rejects unknown names', () => {
  const shards = [{ name: 'a' }, { name: 'b' }, { name: 'c' }];
  assert.deepEqual(chooseShards(shards, []), { chosen: shards, unknown: [] });
  assert.deepEqual(chooseShards(shards, ['c', 'a']), {
    chosen: [{ name: 'a' }, { name: 'c' }],
    unknown: [],
  });
  assert.deepEqual(chooseShards(shards, ['d', 'b']), { chosen: [{ name: 'b' }], unknown: ['d'] });
});

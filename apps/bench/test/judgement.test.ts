import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { SCENARIOS } from '../src/catalogue.ts';
import { judge, whyNotShown } from '../src/judgement.ts';
import { judgeOutcome, outcomeInWords } from '../src/load/flood-outcome.ts';
import { atLeast, atMost, boundInWords, compare, ratioOf } from '../src/result.ts';

const GENERATOR = { busiestShare: 0.4, lateShare: 0, isFit: true };
const SAMPLES = { ours: [3, 3], 'bare-ws': [2, 2] };

test('lists the path of each out-of-bounds figure in a nested benchmark result', () => {
  const judgement = judge({
    scenario: 'x',
    generator: GENERATOR,
    bounds: { p99Ms: atMost(101, 100), lost: atMost(0, 0), messages: atLeast(49, 50) },
    ...compare('µs', SAMPLES, { 'bare-ws': 1.5 }),
    rounds: [{ growth: ratioOf([2], [1], 1.9) }],
  });
  assert.deepEqual(judgement.unreached, ['bounds.p99Ms', 'bounds.messages', 'rounds.0.growth']);
  assert.equal(judgement.judged, 5);
  assert.equal(
    whyNotShown(judgement),
    'Not reached: bounds.p99Ms, bounds.messages, rounds.0.growth',
  );
});

test('a benchmark passes if all bounded figures pass, fails without bounded figures', () => {
  const reached = judge({ generator: GENERATOR, bound: atMost(100, 100) });
  assert.deepEqual([reached.unreached, whyNotShown(reached)], [[], null]);
  const unbound = judge({ generator: GENERATOR, ...compare('µs', SAMPLES) });
  assert.match(whyNotShown(unbound) ?? '', /^This run has no verdict/);
});

test('fails a benchmark figure that has no observations', () => {
  assert.equal(atMost(Number.NaN, 100).reached, false);
  assert.equal(atLeast(Number.NaN, 100).reached, false);
  assert.match(boundInWords(atMost(101, 100)), /^101; at most 100: not reached$/);
  assert.match(boundInWords(atLeast(60, 50)), /^60; at least 50: reached$/);
});

test('gives no verdict if the load generator could not keep up', () => {
  const { result, ...rest } = judge({
    generator: { ...GENERATOR, isFit: false },
    bounds: { good: atMost(1, 100), bad: atMost(101, 100) },
    rounds: [atMost(1, 2)],
  });
  assert.deepEqual(rest, { unreached: [], judged: 0 });
  assert.deepEqual(result['bounds'], {
    good: { value: 1, atMost: 100, reached: null },
    bad: { value: 101, atMost: 100, reached: null },
  });
  assert.deepEqual(result['rounds'], [{ value: 1, atMost: 2, reached: null }]);
});

test('passes the report-flood benchmark if one case and no sanction result', () => {
  const outcome = { cases: 1, reportsInThem: 1, sanctions: 0, holds: 0 };
  assert.equal(whyNotShown(judge({ generator: GENERATOR, flood: judgeOutcome(outcome) })), null);
  assert.match(outcomeInWords(outcome), /: reached$/);
  const others = [{ cases: 0 }, { cases: 2 }, { reportsInThem: 0 }, { reportsInThem: 2 }];
  for (const other of [...others, { sanctions: 1 }, { holds: 1 }]) {
    const left = { ...outcome, ...other };
    const judgement = judge({ generator: GENERATOR, flood: judgeOutcome(left) });
    assert.equal(whyNotShown(judgement), 'Not reached: flood', outcomeInWords(left));
    assert.match(outcomeInWords(left), /: not reached$/);
  }
});

test('documents exactly the existing benchmarks', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const [table = ''] = /\| benchmark \|(?:.*\n)+?\n/.exec(readme) ?? [];
  const names = [...table.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name);
  assert.deepEqual(new Set(names), new Set(Object.keys(SCENARIOS)));
  assert.equal(names.length, new Set(names).size);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { curvesChart } from '../src/curves.ts';
import { ratioChart } from '../src/ratio-chart.ts';
import { compare, ratioOf } from '../src/result.ts';
import { rowsOf, summaryTable } from '../src/summary.ts';
import { ticks } from '../src/svg.ts';

const RESULTS = {
  relay: {
    scenario: 'relay',
    connections: 10,
    ...compare('µs', { ours: [2], 'bare-ws': [4], 'bare-tcp': [1] }, { 'bare-ws': 0.6 }),
    typing: compare('µs', { ours: [3], 'bare-ws': [3] }),
    growth: { ours: ratioOf([5], [4], 1.15), 'bare-ws': ratioOf([1], [1]) },
  },
  evening: { scenario: 'evening', waits: [1, 2, 3] },
};

test('finds every comparison with a baseline and every bounded figure in benchmark results', () => {
  const rows = rowsOf(RESULTS).map(({ name, floor, ratio }) => [name, floor, ratio.median]);
  assert.deepEqual(rows, [
    ['relay', 'bare-ws', 0.5],
    ['relay', 'bare-tcp', 2],
    ['relay, typing', 'bare-ws', 1],
    ['relay, growth, ours', null, 1.25],
  ]);
});

test('prints one row per baseline, and a verdict for a bounded ratio', () => {
  const lines = summaryTable(RESULTS).split('\n');
  assert.match(lines[1] ?? '', /relay +2\.00 +bare ws 4\.00 +0\.500 × +reached: 0\.6 +µs$/);
  assert.match(lines[2] ?? '', /^ +bare TCP 1\.00 +2\.00 ×$/);
  assert.match(lines[3] ?? '', /relay, typing +3\.00 +bare ws 3\.00/);
  assert.match(lines[4] ?? '', /relay, growth, ours: 1\.25 ×; at most 1\.15: not reached/);
  assert.equal(lines.length, 5);
});

test('draws the ratios 1/2 and 2 at equal distance from 1', () => {
  const ratios = [0.5, 1, 2].map((value) => ({
    name: 'x',
    floor: 'bare-ws',
    ratio: ratioOf([value], [1]),
  }));
  const svg = ratioChart('t', ratios);
  const [half, one, double] = [...svg.matchAll(/cx="([0-9.]+)"/g)].map(([, x]) => Number(x));
  assert.ok(half !== undefined && one !== undefined && double !== undefined);
  assert.ok(half < one && Math.abs(one - half - (double - one)) < 0.2);
});

test("draws each curve below its title, from zero, over the panel's width", () => {
  const curve = {
    name: 'all',
    tone: 'accent',
    points: [
      [0, 0],
      [1, 50],
      [2, 100],
    ],
  } as const;
  const svg = curvesChart('t', 's', [{ title: 'Handles', unit: 'files', curves: [curve] }], 0.5);
  assert.match(svg, /<path d="M76 206L408 158L740 110" class="curve accent"\/>/);
  // The warm-up is a quarter of the time, so the shaded area is a quarter of the panel's width.
  assert.match(svg, /x="76" y="\d+" width="166" height="96" class="sunken"/);
  assert.ok(svg.includes('>all 100<') && svg.includes('>Handles<'));
});

test("marks an axis at round values up to the axis's end", () => {
  assert.deepEqual(ticks(100), [0, 25, 50, 75, 100]);
  assert.deepEqual(ticks(0.5), [0, 0.2, 0.4, 0.6]);
  assert.deepEqual(ticks(0), [0]);
  for (const most of [0.013, 1, 7, 38, 117, 1_903]) {
    const marks = ticks(most);
    assert.ok((marks.at(-1) ?? 0) >= most && marks.length >= 4 && marks.length <= 6, `${most}`);
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barChart } from '../src/chart.ts';
import { compare, inLines, ratioOf } from '../src/result.ts';

const SAMPLES = { ours: [2, 4, 3], 'bare-ws': [1, 4, 2], 'bare-tcp': [1, 1, 1] };

test('a result has ours, each floor, and the ratio to each, round by round', () => {
  const result = compare('µs', SAMPLES, { 'bare-ws': 1.5 });
  assert.deepEqual(Object.keys(result), ['unit', 'ours', 'floors', 'ratios']);
  assert.equal(result.ours.median, 3);
  assert.equal(result.floors['bare-ws']?.median, 2);
  assert.equal(result.floors['bare-tcp']?.median, 1);
  // 2/1, 4/4 and 3/2: the median of the ratios, which is not the ratio of all sums.
  assert.equal(result.ratios['bare-ws']?.median, 1.5);
  assert.equal(result.ratios['bare-tcp']?.median, 3);
  assert.deepEqual(result, JSON.parse(JSON.stringify(result)));
});

test('a ratio is reached at its bound, and not above', () => {
  assert.equal(ratioOf([3], [2], 1.5).reached, true);
  assert.equal(ratioOf([3.01], [2], 1.5).reached, false);
  assert.equal(ratioOf([3], [2]).reached, null);
});

test('a floor that was not measured is left out', () => {
  const { floors, ratios } = compare('µs', { ours: [1], 'bare-ws': [1] });
  assert.deepEqual(Object.keys(floors), ['bare-ws']);
  assert.deepEqual(Object.keys(ratios), ['bare-ws']);
});

test('the table names each contender, its figure and the verdict', () => {
  const text = inLines('relay', compare('µs', SAMPLES, { 'bare-ws': 1.1 })).join('\n');
  assert.match(text, /ours {2}3\.00 \(/);
  assert.match(text, /bare-ws .*1\.50 .*at most 1\.1: not reached/);
  assert.match(text, /bare-tcp .*ours is 3\.00/);
});

test('the picture has a bar a contender, as long as its figure, and escapes its words', () => {
  const svg = barChart('A & B <c>', compare('µs', { ours: [4], 'bare-ws': [2] }));
  const widths = [...svg.matchAll(/width="([0-9.]+)" height="26"/g)].map(([, width]) =>
    Number(width),
  );
  assert.equal(widths.length, 2);
  assert.equal(widths[0], 2 * (widths[1] ?? 0));
  assert.ok(svg.includes('A &amp; B &lt;c&gt;') && !svg.includes('<c>'));
});

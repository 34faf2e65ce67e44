import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barChart } from '../src/chart.ts';
import { compare, inFigures, inLines, ratioOf } from '../src/result.ts';

const SAMPLES = { ours: [2, 4, 3], 'bare-ws': [1, 4, 2], 'bare-tcp': [1, 1, 1] };

test('compares our figure with each baseline within the same benchmark round', () => {
  const result = compare('µs', SAMPLES, { 'bare-ws': 1.5 });
  assert.deepEqual(Object.keys(result), ['unit', 'ours', 'floors', 'ratios']);
  assert.equal(result.ours.median, 3);
  assert.equal(result.floors['bare-ws']?.median, 2);
  assert.equal(result.floors['bare-tcp']?.median, 1);
  // The ratios of the rounds are 2/1, 4/4 and 3/2. The test expects their median, not the ratio of
  // the sums.
  assert.equal(result.ratios['bare-ws']?.median, 1.5);
  assert.equal(result.ratios['bare-tcp']?.median, 3);
  assert.deepEqual(result, JSON.parse(JSON.stringify(result)));
});

test('passes a ratio at its bound and fails a ratio above it', () => {
  assert.equal(ratioOf([3], [2], 1.5).reached, true);
  assert.equal(ratioOf([3.01], [2], 1.5).reached, false);
  assert.equal(ratioOf([3], [2]).reached, null);
});

test('omits a baseline without measurements from the comparison', () => {
  const { floors, ratios } = compare('µs', { ours: [1], 'bare-ws': [1] });
  assert.deepEqual(Object.keys(floors), ['bare-ws']);
  assert.deepEqual(Object.keys(ratios), ['bare-ws']);
});

test('prints each compared program with its figure and verdict', () => {
  const text = inLines('relay', compare('µs', SAMPLES, { 'bare-ws': 1.1 })).join('\n');
  assert.match(text, /ours {2}3\.00 \(/);
  assert.match(text, /bare ws .*1\.50 .*at most 1\.1: not reached/);
  assert.match(text, /bare TCP .*ours is 3\.00/);
});

test('prints no confidence interval for a single benchmark round', () => {
  const [, ours = '', floor = ''] = inLines('relay', compare('µs', { ours: [2], 'bare-ws': [1] }));
  assert.equal(ours.trim(), 'ours  2.00');
  assert.match(floor, /bare ws {2}1\.00 +ours is 2\.00 ×$/);
});

test('prints figures with three significant digits, never an exponent', () => {
  const words = [0.00609, 1, 99.96, 999.4, 999.7, 123_456, Number.POSITIVE_INFINITY];
  assert.deepEqual(
    words.map((value) => inFigures(value)),
    ['0.00609', '1.00', '100', '999', '1000', '123456', '–'],
  );
});

test('draws a bar per compared program to scale and escapes text', () => {
  const svg = barChart('A & B <c>', compare('µs', { ours: [4], 'bare-ws': [2] }));
  const widths = [...svg.matchAll(/width="([0-9.]+)" height="26"/g)].map(([, width]) =>
    Number(width),
  );
  assert.equal(widths.length, 2);
  assert.equal(widths[0], 2 * (widths[1] ?? 0));
  assert.ok(svg.includes('A &amp; B &lt;c&gt;') && !svg.includes('<c>'));
});

test('draws the bound of our figure and prints the verdict', () => {
  const missed = barChart('t', compare('µs', { ours: [4], 'bare-ws': [2] }, { 'bare-ws': 1.5 }));
  assert.match(missed, /Not reached: at most 1\.5 × bare ws/);
  // Bars begin at x = 124. The longest bar is 400 wide and means 4, so the bound of 3 is at x =
  // 424.
  assert.match(missed, /<path d="M424 \d+v\d+" class="bound"/);
  const reached = barChart('t', compare('µs', { ours: [2], 'bare-ws': [2] }, { 'bare-ws': 1.5 }));
  assert.match(reached, />Reached: at most 1\.5 × bare ws/);
  assert.ok(!barChart('t', compare('µs', { ours: [4], 'bare-ws': [2] })).includes('class="bound"'));
});

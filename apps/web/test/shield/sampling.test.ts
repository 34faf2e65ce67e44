import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { CLEAN_SAMPLES, SAMPLE_EVERY_MS, SECOND_SAMPLE_AFTER_MS } from '../../src/shield/limits.ts';
import {
  canBeSeenWhole,
  type Part,
  partAt,
  pauseAfterSample,
  squareOf,
} from '../../src/shield/sampling.ts';

const PARTS: readonly Part[] = ['beginning', 'middle', 'end'];
const sides = fc.integer({ min: 1, max: 4_096 });

describe('sampling rules', () => {
  it('[SH-30] takes three samples within 600 ms, then one a second', () => {
    let atMs = 0;
    for (let count = 1; count < CLEAN_SAMPLES; count += 1) atMs += pauseAfterSample(count, 'usual');
    assert.ok(atMs < 600);
    for (let count = CLEAN_SAMPLES; count < 100; count += 1) {
      assert.equal(pauseAfterSample(count, 'usual'), SAMPLE_EVERY_MS);
    }
    assert.ok(SAMPLE_EVERY_MS < 1_000);
  });

  it("[SH-30] doesn't wait after a possibly explicit sample", () => {
    assert.equal(pauseAfterSample(50, 'again'), SECOND_SAMPLE_AFTER_MS);
    // A flag takes at most 1.5 s: the wait, the second sample and both durations.
    assert.ok(SAMPLE_EVERY_MS + SECOND_SAMPLE_AFTER_MS < 1_000);
  });

  it('[SH-32] samples squares of the full height or width', () => {
    fc.assert(
      fc.property(sides, sides, fc.constantFrom(...PARTS), (width, height, part) => {
        const { x, y, side } = squareOf(width, height, part);
        assert.equal(side, Math.min(width, height));
        assert.ok(x >= 0 && y >= 0 && x + side <= width && y + side <= height);
      }),
    );
  });

  it('[SH-32] covers a picture up to 3:1 in three samples', () => {
    fc.assert(
      fc.property(sides, sides, (width, height) => {
        fc.pre(canBeSeenWhole(width, height));
        const seen = new Set<number>();
        for (let count = 0; count < CLEAN_SAMPLES; count += 1) {
          const { x, y, side } = squareOf(width, height, partAt(count));
          const start = width > height ? x : y;
          for (let at = start; at < start + side; at += 1) seen.add(at);
        }
        assert.equal(seen.size, Math.max(width, height));
      }),
      { numRuns: 60 },
    );
  });

  it("[SH-34] rejects a picture that it can't see whole", () => {
    for (const [width, height] of [
      [1, 1],
      [640, 480],
      [480, 640],
      [1_280, 720],
      [3_840, 2_160],
      [1_080, 2_520],
      [300, 100],
    ] as const) {
      assert.ok(canBeSeenWhole(width, height), `${width} × ${height}`);
    }
    for (const [width, height] of [
      [0, 0],
      [0, 480],
      [301, 100],
      [100, 301],
      [1_920, 480],
    ] as const) {
      assert.ok(!canBeSeenWhole(width, height), `${width} × ${height}`);
    }
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  CLEAN_SAMPLES,
  SAMPLE_PAUSE_MAX_MS,
  SAMPLE_PAUSE_MIN_MS,
} from '../../src/shield/limits.ts';
import {
  canBeSeenWhole,
  type Part,
  type Pose,
  pauseAfterSample,
  poseMatrix,
  ShotOrder,
  squareOf,
} from '../../src/shield/sampling.ts';

const PARTS: readonly Part[] = ['beginning', 'middle', 'end'];
const sides = fc.integer({ min: 1, max: 4_096 });

describe('timing and order of samples', () => {
  it('[SH-30] takes three samples within 600 ms, then one a second', () => {
    let atMs = 0;
    const never = (): number => assert.fail('the first pauses are not drawn');
    for (let count = 1; count < CLEAN_SAMPLES; count += 1) {
      atMs += pauseAfterSample(count, 'usual', never);
    }
    assert.ok(atMs < 600);
    assert.ok(SAMPLE_PAUSE_MAX_MS < 1_000);
  });

  it('[SH-30a] draws random pauses between samples from 250 to 950 ms', () => {
    assert.deepEqual([SAMPLE_PAUSE_MIN_MS, SAMPLE_PAUSE_MAX_MS], [250, 950]);
    for (const [unit, pauseMs] of [
      [0, 250],
      [0.5, 600],
      [1, 950],
    ] as const) {
      assert.equal(
        pauseAfterSample(CLEAN_SAMPLES, 'usual', () => unit),
        pauseMs,
      );
    }
  });

  it('[SH-30c] the pause after a suspicious sample is random, mostly 20 to 200 ms', () => {
    const draws = (...units: readonly number[]): (() => number) => {
      const left = [...units];
      return () => left.shift() ?? assert.fail('too many draws');
    };
    for (const [kind, unit, pauseMs] of [
      [0, 0, 20],
      [0.79, 0.5, 110],
      [0.79, 1, 200],
      [0.8, 0, 250],
      [0.99, 1, 950],
    ] as const) {
      assert.equal(pauseAfterSample(50, 'again', draws(kind, unit)), pauseMs);
    }
  });

  it("[SH-32] samples squares of the picture's full height or width", () => {
    fc.assert(
      fc.property(sides, sides, fc.constantFrom(...PARTS), (width, height, part) => {
        const { x, y, side } = squareOf(width, height, part);
        assert.equal(side, Math.min(width, height));
        assert.ok(x >= 0 && y >= 0 && x + side <= width && y + side <= height);
      }),
    );
  });

  it('[SH-32] covers a picture up to 3:1 with three samples', () => {
    fc.assert(
      fc.property(sides, sides, fc.constantFrom(0, 0.3, 0.6, 0.9), (width, height, unit) => {
        fc.pre(canBeSeenWhole(width, height));
        const seen = new Set<number>();
        const order = new ShotOrder(() => unit);
        for (let count = 0; count < CLEAN_SAMPLES; count += 1) {
          const { x, y, side } = squareOf(width, height, order.next().part);
          const start = width > height ? x : y;
          for (let at = start; at < start + side; at += 1) seen.add(at);
        }
        assert.equal(seen.size, Math.max(width, height));
      }),
      { numRuns: 60 },
    );
  });

  it('[SH-32b] draws the whole sampled square in each pose', () => {
    const corners = (pose: Pose): string[] => {
      const [a, b, c, d, e, f] = poseMatrix(pose, 8);
      return [
        [0, 0],
        [8, 0],
        [8, 8],
        [0, 8],
      ].map(([x = 0, y = 0]) => `${a * x + c * y + e},${b * x + d * y + f}`);
    };
    // Expected positions of the picture's corners after the transform, clockwise from the top left
    // corner of the plain picture.
    assert.deepEqual(corners('plain'), ['0,0', '8,0', '8,8', '0,8']);
    assert.deepEqual(corners('mirrored'), ['8,0', '0,0', '0,8', '8,8']);
    assert.deepEqual(corners('turned-right'), ['8,0', '8,8', '0,8', '0,0']);
    assert.deepEqual(corners('turned-left'), ['0,8', '0,0', '8,0', '8,8']);
  });

  it("[SH-34] rejects a picture that three samples can't cover", () => {
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

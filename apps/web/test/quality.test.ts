import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BETTER_AFTER_MS, WORSE_AFTER_MS } from '../src/call/limits.ts';
import type { LinkStats } from '../src/call/link-stats.ts';
import {
  figuresBetween,
  firstQuality,
  levelOf,
  nextQuality,
  type QualityFigures,
  type QualityLevel,
  type SteadyQuality,
  soundRating,
} from '../src/call/quality.ts';

const CLEAN: QualityFigures = { rttMs: 40, loss: 0, jitterMs: 2, frozen: 0 };
const LEVELS: readonly QualityLevel[] = ['good', 'fair', 'poor'];

const stats = (change: Partial<LinkStats>): LinkStats => ({
  rttMs: 40,
  packetsReceived: 0,
  packetsLost: 0,
  jitterMs: 2,
  frozenMs: 0,
  lossOut: null,
  sentHeight: 480,
  ...change,
});

test('rates sound quality by the E-model', () => {
  // ITU-T G.107 gives this default sound rating without delay or loss; it is rounded as by Cole
  // and Rosenbluth.
  assert.equal(soundRating(0, 0), 93.2);
  // By the formula of Cole and Rosenbluth, a one-way delay of 150 ms lowers the sound rating by
  // 3.6. A delay of 400 ms lowers it by 9.6, plus 24.5 for the part beyond 177.3 ms.
  assert.ok(Math.abs(soundRating(150, 0) - 89.6) < 0.01);
  assert.ok(Math.abs(soundRating(400, 0) - 59.1) < 0.05);
  // By ITU-T G.113, appendix I, 5 % packet loss lowers the sound rating by 95 · 5 / (5 + 25.1).
  assert.ok(Math.abs(soundRating(0, 0.05) - (93.2 - 15.78)) < 0.01);
});

test('never rates sound better for more delay or loss, nor below 0', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const delay = fc.double({ min: 0, max: 5_000, noNaN: true });
  fc.assert(
    fc.property(delay, delay, share, share, (d1, d2, l1, l2) => {
      const better = soundRating(Math.min(d1, d2), Math.min(l1, l2));
      const worse = soundRating(Math.max(d1, d2), Math.max(l1, l2));
      // The comparison allows a rounding difference in the last digit.
      assert.ok(worse <= better + 1e-9 && worse >= 0 && better <= 93.2);
    }),
  );
});

test("rates call quality fair, then poor, exactly at each figure's limit", () => {
  const rows: readonly [Partial<QualityFigures>, QualityLevel][] = [
    [{}, 'good'],
    [{ loss: 0.02 }, 'good'],
    [{ loss: 0.021 }, 'fair'],
    [{ loss: 0.1 }, 'fair'],
    [{ loss: 0.101 }, 'poor'],
    [{ frozen: 0.049 }, 'good'],
    [{ frozen: 0.05 }, 'fair'],
    [{ frozen: 0.249 }, 'fair'],
    [{ frozen: 0.25 }, 'poor'],
    [{ rttMs: 350 }, 'good'],
    [{ rttMs: 550 }, 'fair'],
    [{ rttMs: 900 }, 'poor'],
    [{ jitterMs: 70 }, 'good'],
    [{ jitterMs: 140 }, 'fair'],
    [{ jitterMs: 250 }, 'poor'],
    [{ rttMs: null, jitterMs: null }, 'good'],
  ];
  for (const [change, level] of rows) {
    assert.equal(levelOf({ ...CLEAN, ...change }), level, JSON.stringify(change));
  }
});

test("uses the worse direction's packet loss since the last reading", () => {
  const before = stats({ packetsReceived: 1_000, packetsLost: 500, frozenMs: 700, lossOut: 0.3 });
  const after = stats({ packetsReceived: 1_190, packetsLost: 510, frozenMs: 1_100, lossOut: 0.01 });
  const figures = figuresBetween(before, after, 4_000);
  assert.deepEqual(figures, { rttMs: 40, loss: 0.05, jitterMs: 2, frozen: 0.1 });
  const out = figuresBetween(before, { ...after, lossOut: 0.2 }, 4_000);
  assert.equal(out.loss, 0.2);
});

test('returns no quality figures if counters decrease or no time elapsed', () => {
  const newer = stats({ packetsReceived: 10, packetsLost: -2, frozenMs: 0 });
  const figures = figuresBetween(stats({ packetsReceived: 90, frozenMs: 50 }), newer, 0);
  assert.deepEqual(figures, { ...CLEAN, rttMs: 40 });
});

/** Feeds one quality level per second and returns the changes of the displayed level. */
function changes(...measured: readonly QualityLevel[]): string[] {
  let steady: SteadyQuality | null = null;
  const said: string[] = [];
  for (const [second, level] of measured.entries()) {
    const nowMs = second * 1_000;
    const next: SteadyQuality =
      steady === null ? firstQuality(level, nowMs) : nextQuality(steady, level, nowMs);
    if (next.level !== steady?.level) said.push(`${second} ${next.level}`);
    steady = next;
  }
  return said;
}

const times = (count: number, level: QualityLevel): QualityLevel[] =>
  Array.from({ length: count }, () => level);

test('shows worse call quality after two seconds, better quality after five', () => {
  assert.equal(WORSE_AFTER_MS, 2_000);
  assert.equal(BETTER_AFTER_MS, 5_000);
  assert.deepEqual(changes('good', ...times(3, 'poor')), ['0 good', '3 poor']);
  assert.deepEqual(changes('poor', ...times(6, 'good')), ['0 poor', '6 good']);
});

test('ignores a single second of bad call quality', () => {
  assert.deepEqual(changes('good', 'poor', 'poor', 'good', 'poor', 'poor', 'good'), ['0 good']);
});

test('shows the better of two quality levels alternating below the shown level', () => {
  assert.deepEqual(changes('good', 'poor', 'fair', 'poor'), ['0 good', '3 fair']);
  assert.deepEqual(changes('poor', 'good', 'fair', 'good', 'good', 'good', 'good'), [
    '0 poor',
    '6 fair',
  ]);
});

test('shows each quality level for at least its required time', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...LEVELS), { minLength: 2, maxLength: 60 }), (walk) => {
      const said = changes(...walk).map((line) => line.split(' '));
      for (const [at, [second, level]] of said.entries()) {
        const [before, levelBefore] = said[at - 1] ?? [];
        if (before === undefined || levelBefore === undefined) continue;
        const worse =
          LEVELS.indexOf(level as QualityLevel) > LEVELS.indexOf(levelBefore as QualityLevel);
        const heldMs = (Number(second) - Number(before)) * 1_000;
        assert.ok(heldMs >= (worse ? WORSE_AFTER_MS : BETTER_AFTER_MS));
      }
    }),
  );
});

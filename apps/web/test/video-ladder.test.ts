import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  LOWER_EVERY_MS,
  RAISE_AFTER_MAX_MS,
  RAISE_AFTER_MS,
  RAISE_TRIED_FOR_MS,
} from '../src/call/limits.ts';
import type { QualityLevel } from '../src/call/quality.ts';
import {
  climb,
  LADDER_TOP,
  type Ladder,
  VIDEO_STEPS,
  withinKbps,
} from '../src/call/video-ladder.ts';

/** Applies a quality level once per second for a duration. */
function stay(ladder: Ladder, level: QualityLevel, fromMs: number, forMs: number): Ladder {
  let now = ladder;
  for (let ms = 0; ms <= forMs; ms += 1_000) now = climb(now, level, fromMs + ms);
  return now;
}

test('keeps each step below the bit rate of the relay, with room for sound', () => {
  for (let kbps = 100; kbps <= 3_000; kbps += 20) {
    for (const step of VIDEO_STEPS) {
      assert.equal(withinKbps(step, null), step);
      const limits = withinKbps(step, kbps);
      assert.ok(limits !== null && limits.bitrateMax <= kbps * 1_000 - 40_000);
      assert.ok(limits.bitrateMax > 0 && limits.bitrateMax <= (step?.bitrateMax ?? Infinity));
      assert.ok(limits.scaleDownBy >= (step?.scaleDownBy ?? 1), 'never larger than the step');
    }
  }
  const large = { bitrateMax: 960_000, scaleDownBy: 1, framesPerSecondMax: 30 };
  assert.deepEqual(withinKbps(null, 1_000), large);
  const small = { bitrateMax: 60_000, scaleDownBy: 4, framesPerSecondMax: 12 };
  assert.deepEqual(withinKbps(null, 100), small);
});

test('lowers video bitrate, size and frame rate with each step', () => {
  const steps = VIDEO_STEPS.filter((step) => step !== null);
  assert.equal(VIDEO_STEPS[0], null, 'at the top the browser has its way');
  for (const [at, step] of steps.entries()) {
    const above = steps[at - 1];
    if (above === undefined) continue;
    assert.ok(step.bitrateMax < above.bitrateMax);
    assert.ok(step.scaleDownBy > above.scaleDownBy);
    assert.ok(step.framesPerSecondMax < above.framesPerSecondMax);
  }
});

test('lowers video quality at once when poor, then every 4 s', () => {
  const first = climb(LADDER_TOP, 'poor', 0);
  assert.equal(first.step, 1);
  assert.equal(climb(first, 'poor', LOWER_EVERY_MS - 1).step, 1);
  assert.equal(climb(first, 'poor', LOWER_EVERY_MS).step, 2);
  assert.equal(stay(LADDER_TOP, 'poor', 0, 60_000).step, VIDEO_STEPS.length - 1);
});

test('raises video quality after ten good seconds in a row', () => {
  const low = stay(LADDER_TOP, 'poor', 0, 60_000);
  const waiting = stay(low, 'good', 61_000, RAISE_AFTER_MS - 1_000);
  assert.equal(waiting.step, low.step);
  assert.equal(climb(waiting, 'good', 61_000 + RAISE_AFTER_MS).step, low.step - 1);
  const troubled = climb(waiting, 'poor', 70_500);
  assert.equal(climb(troubled, 'good', 71_000).step, low.step);
  assert.equal(stay(low, 'good', 61_000, 120_000).step, 0);
});

test('raises video quality after twenty seconds of a fair connection', () => {
  const low = climb(LADDER_TOP, 'poor', 0);
  const soon = stay(low, 'fair', 1_000, 2 * RAISE_AFTER_MS - 1_000);
  assert.equal(soon.step, 1);
  assert.equal(climb(soon, 'fair', 1_000 + 2 * RAISE_AFTER_MS).step, 0);
});

test('doubles the wait after each failed raise of video quality', () => {
  let ladder = climb(LADDER_TOP, 'poor', 0);
  let nowMs = 0;
  const waits: number[] = [];
  for (let tries = 0; tries < 5; tries += 1) {
    const fromMs = nowMs + 1_000;
    ladder = climb(ladder, 'good', fromMs);
    for (nowMs = fromMs; ladder.step > 0; nowMs += 1_000) ladder = climb(ladder, 'good', nowMs);
    waits.push(nowMs - 1_000 - fromMs);
    nowMs += LOWER_EVERY_MS;
    ladder = climb(ladder, 'poor', nowMs);
    assert.equal(ladder.step, 1);
  }
  assert.deepEqual(waits, [10_000, 20_000, 40_000, RAISE_AFTER_MAX_MS, RAISE_AFTER_MAX_MS]);
});

test("doesn't count poor quality long after a raise as its failure", () => {
  const low = climb(LADDER_TOP, 'poor', 0);
  const raised = stay(low, 'good', 1_000, RAISE_AFTER_MS);
  assert.equal(raised.step, 0);
  const later = climb(raised, 'poor', 1_000 + RAISE_AFTER_MS + RAISE_TRIED_FOR_MS);
  assert.equal(later.raiseAfterMs, RAISE_AFTER_MS);
});

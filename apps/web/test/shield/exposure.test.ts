import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createPrng } from '@farandole/kernel/prng';
import { SAMPLE_PAUSE_MAX_MS, SAMPLE_PAUSE_MIN_MS } from '../../src/shield/limits.ts';
import { Exposure } from './exposure.ts';

const PHASES = 200;
const EVERY_MS = 3_000;
const SHOWN_MS = 300;
const TEN_SECONDS_MS = 10_000;

/**
 * Shows a picture with an explicit score of .97 for 300 ms in every 3 s.
 * @param phaseMs delay before the first such picture
 */
async function flash(call: Exposure, phaseMs: number, shownMsMax: number) {
  await call.open();
  const fromMs = call.time.monotonicMs() + phaseMs;
  call.score = (nowMs) => (nowMs >= fromMs && (nowMs - fromMs) % EVERY_MS < SHOWN_MS ? 0.97 : 0.02);
  return await call.untilFlagged(shownMsMax, 600_000);
}

const phaseOf = (phase: number): number => (phase * EVERY_MS) / PHASES;

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
}

describe('pictures shown between samples', () => {
  it('[SH-30b] flags a briefly repeated picture before 10 s of display in total', async () => {
    for (const seed of [1, 2, 3]) {
      const shown: number[] = [];
      for (let phase = 0; phase < PHASES; phase += 1) {
        const call = Exposure.seeded(seed * 1_000 + phase);
        const { shownMs } = await flash(call, phaseOf(phase), TEN_SECONDS_MS);
        assert.equal(call.shield.state.value.state, 'flagged', `seed ${seed}, phase ${phase}`);
        shown.push(shownMs);
      }
      assert.ok(Math.max(...shown) <= TEN_SECONDS_MS);
      assert.ok(quantile(shown, 0.5) <= 1_000, `median ${quantile(shown, 0.5)} ms`);
    }
  });

  it('[SH-30a] misses some briefly repeated pictures if pauses are constant', async () => {
    const everyMs = 750;
    const unit = (): number =>
      (everyMs - SAMPLE_PAUSE_MIN_MS) / (SAMPLE_PAUSE_MAX_MS - SAMPLE_PAUSE_MIN_MS);
    let escaped = 0;
    for (let phase = 0; phase < PHASES; phase += 10) {
      const call = new Exposure(unit);
      await flash(call, phaseOf(phase), TEN_SECONDS_MS);
      if (call.shield.open.value) escaped += 1;
    }
    assert.ok(escaped > 0);
  });
});

describe('pictures that flicker', () => {
  for (const [shownMs, everyMs, medianMsMax] of [
    [100, 240, 4_000],
    [115, 240, 4_000],
    [66, 200, 4_000],
    [66, 400, 20_000],
  ] as const) {
    it(`[SH-30c] flags a picture shown for ${shownMs} of every ${everyMs} ms before 60 s of display`, async () => {
      const shown: number[] = [];
      for (let phase = 0; phase < 20; phase += 1) {
        const call = Exposure.seeded(phase + 1, 5);
        await call.open();
        const fromMs = call.time.monotonicMs() + (phase * everyMs) / 20;
        call.score = (nowMs) =>
          nowMs >= fromMs && (nowMs - fromMs) % everyMs < shownMs ? 0.97 : 0.02;
        shown.push((await call.untilFlagged(6 * TEN_SECONDS_MS, 600_000)).shownMs);
        assert.equal(call.shield.state.value.state, 'flagged', `phase ${phase}`);
      }
      assert.ok(Math.max(...shown) <= 6 * TEN_SECONDS_MS);
      assert.ok(quantile(shown, 0.5) <= medianMsMax, `median ${quantile(shown, 0.5)} ms`);
    });
  }
});

describe('explicit pictures after Resume', () => {
  /**
   * Scores that a harmless picture has when the user presses Resume: first misread as explicit,
   * or already clean again.
   */
  for (const level of [0.02, 0.76, 0.8, 0.88]) {
    it(`[SH-14a, SH-14b, SH-14c] covers explicit pictures within 1.5 s at p95 after Resume at score ${level}`, async () => {
      const latencies: number[] = [];
      for (let seed = 0; seed < PHASES; seed += 1) {
        const call = Exposure.seeded(seed);
        const prng = createPrng(seed + 5_000);
        const isFlagged = (): boolean => call.shield.state.value.state === 'flagged';
        await call.open();
        call.score = () => Math.max(level, 0.76);
        await call.until(isFlagged);
        call.score = () => level;
        await call.time.advance(3_000);
        call.shield.resume();
        assert.equal(call.shield.state.value.state, 'resumed');
        await call.time.advance(prng.unit() * 2_000);
        assert.ok(call.shield.open.value, 'what was resumed is not flagged again');
        call.score = () => 0.95;
        const { tookMs } = await call.untilFlagged(TEN_SECONDS_MS, TEN_SECONDS_MS);
        assert.ok(isFlagged(), `seed ${seed}`);
        latencies.push(tookMs);
      }
      const p95 = quantile(latencies, 0.95);
      assert.ok(p95 <= 1_500, `p95 ${p95} ms`);
    });
  }
});

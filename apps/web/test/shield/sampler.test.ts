import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createPrng } from '@farandole/kernel/prng';
import { EXPLICIT, FakeClassifier, FakeFrame } from '../../src/fakes/fake-classifier.ts';
import { FakeTime } from '../../src/fakes/fake-time.ts';
import { SAMPLE_PAUSE_MAX_MS, SELDOM_SAMPLE_AFTER_MS } from '../../src/shield/limits.ts';
import { Sampler } from '../../src/shield/sampler.ts';
import type { Pace, Part } from '../../src/shield/sampling.ts';

function scene() {
  const time = new FakeTime();
  const prng = createPrng(11);
  const classifier = new FakeClassifier(time);
  const samples: { part: Part; atMs: number }[] = [];
  const seen: number[] = [];
  const frames: FakeFrame[] = [];
  const told: { noPicture: number; pace: Pace; picture: boolean } = {
    noPicture: 0,
    pace: 'usual',
    picture: true,
  };
  const startMs = time.monotonicMs();
  const sampler = new Sampler(
    {
      clock: time,
      scheduler: time,
      unit: () => prng.unit(),
      take: (part) => {
        samples.push({ part, atMs: time.monotonicMs() - startMs });
        if (!told.picture) return Promise.resolve(null);
        const frame = new FakeFrame();
        frames.push(frame);
        return Promise.resolve(frame);
      },
      classify: (frame) => classifier.classify(frame),
    },
    {
      seen: (_sight, takenAtMs) => {
        seen.push(takenAtMs - startMs);
        return told.pace;
      },
      noPicture: () => {
        told.noPicture += 1;
      },
    },
  );
  return { time, classifier, sampler, samples, seen, frames, told };
}

describe("sampler of the stranger's picture", () => {
  it('[SH-30] samples the stranger three times within 600 ms, then once a second', async () => {
    const { time, sampler, samples } = scene();
    sampler.start();
    await time.advance(600);
    assert.equal(samples.length, 3);
    await time.advance(30_000);
    for (const [i, { atMs }] of samples.entries()) {
      const before = samples[i - 1];
      if (before !== undefined) assert.ok(atMs - before.atMs <= 1_000, `${atMs - before.atMs} ms`);
    }
    assert.ok(samples.length >= 33);
    const pauses = new Set(
      samples.slice(3).map(({ atMs }, i) => atMs - (samples[i + 2]?.atMs ?? 0)),
    );
    assert.ok(pauses.size > 20, 'the pauses differ');
  });

  it("[SH-32] cycles through the picture's parts and repeats a suspicious one", async () => {
    const { time, sampler, samples, told, classifier } = scene();
    sampler.start();
    await time.advance(1_500);
    const before = samples.length;
    const parts = samples.map(({ part }) => part);
    assert.equal(new Set(parts.slice(0, 3)).size, 3);
    assert.equal(parts[3], parts[0]);
    told.pace = 'again';
    classifier.scores = EXPLICIT;
    await time.advance(4_000);
    const [first, second, third, fourth] = samples.slice(before);
    assert.ok(first !== undefined && second !== undefined);
    assert.equal(second.part, first.part);
    assert.ok(second.atMs - first.atMs <= SAMPLE_PAUSE_MAX_MS);
    // The third sample shows another part of the picture, because one suspicious part must not
    // keep the others from being sampled.
    assert.notEqual(third?.part, first.part);
    assert.equal(fourth?.part, third?.part);
  });

  it('[SH-32] samples the whole picture in three samples after suspicious ones', async () => {
    const { time, sampler, samples, told } = scene();
    const sample = async (count: number): Promise<void> => {
      const until = samples.length + count;
      while (samples.length < until) await time.advance(10);
    };
    sampler.start();
    await time.advance(0);
    for (let suspicious = 1; suspicious <= 4; suspicious += 1) {
      told.pace = 'again';
      await sample(suspicious);
      told.pace = 'usual';
      // The three samples include the one that has just begun.
      const from = samples.length - 1;
      await sample(2);
      const parts = samples.slice(from).map(({ part }) => part);
      assert.equal(new Set(parts).size, 3, `after ${suspicious - 1}: ${parts.join()}`);
    }
  });

  it('[SH-24] waits longer after each sample on a slow device', async () => {
    const { time, sampler, samples, told, classifier } = scene();
    classifier.takesMs = 3_000;
    told.pace = 'seldom';
    const everyMs = 3_000 + SELDOM_SAMPLE_AFTER_MS;
    sampler.start();
    await time.advance(2.5 * everyMs);
    assert.deepEqual(
      samples.map(({ atMs }) => atMs),
      [0, everyMs, 2 * everyMs],
    );
    classifier.takesMs = 50;
    told.pace = 'again';
    await time.advance(everyMs);
    const [last, before] = samples.toReversed();
    assert.ok((last?.atMs ?? 0) - (before?.atMs ?? 0) <= SAMPLE_PAUSE_MAX_MS);
  });

  it('[SH-31] classifies one sample at a time, however slow the classifier', async () => {
    const { time, sampler, classifier, seen } = scene();
    classifier.takesMs = 3_000;
    sampler.start();
    await time.advance(20_000);
    assert.equal(classifier.inFlightMost, 1);
    assert.equal(seen.length, 6);
  });

  it('[SH-33] closes video frames that are no longer needed', async () => {
    const { time, sampler, frames, seen } = scene();
    sampler.start();
    sampler.stop();
    await time.advance(5_000);
    assert.equal(frames.length, 1);
    assert.ok(frames[0]?.closed);
    assert.deepEqual(seen, []);
  });

  it('[SH-23] reports a missing picture and keeps trying to sample', async () => {
    const { time, sampler, told, seen } = scene();
    told.picture = false;
    sampler.start();
    await time.advance(3_000);
    assert.ok(told.noPicture >= 4);
    told.picture = true;
    await time.advance(2_000);
    assert.ok(seen.length >= 1);
  });

  it('[SH-31] the restarted sampler waits until the running sample is classified', async () => {
    const { time, sampler, classifier, seen, samples } = scene();
    classifier.takesMs = 1_000;
    sampler.start();
    await time.advance(500);
    sampler.stop();
    sampler.start();
    await time.advance(1_400);
    assert.deepEqual(seen, []);
    assert.equal(classifier.inFlightMost, 1);
    await time.advance(200);
    assert.deepEqual(seen, [1_000]);
    assert.equal(samples[1]?.atMs, 1_000);
  });

  it('[SH-31] runs one sample at a time when stopped and started quickly', async () => {
    const { time, sampler, classifier, samples } = scene();
    classifier.takesMs = 400;
    for (let i = 0; i < 100; i += 1) {
      sampler.start();
      await time.advance(7);
      sampler.stop();
      await time.advance(3);
    }
    assert.equal(classifier.inFlightMost, 1);
    assert.ok(samples.length <= 4, `${samples.length} samples in a second`);
    await time.advance(5_000);
    assert.equal(time.pending, 0);
    assert.equal(classifier.inFlight, 0);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EXPLICIT, FakeClassifier, FakeFrame } from '../../src/fakes/fake-classifier.ts';
import { FakeTime } from '../../src/fakes/fake-time.ts';
import { SELDOM_SAMPLE_AFTER_MS } from '../../src/shield/limits.ts';
import { Sampler } from '../../src/shield/sampler.ts';
import type { Pace, Part } from '../../src/shield/sampling.ts';

function scene() {
  const time = new FakeTime();
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

describe('sampler', () => {
  it('[SH-30] samples three times within 600 ms, then once a second', async () => {
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
  });

  it('[SH-32] cycles through parts and stays with a suspicious one', async () => {
    const { time, sampler, samples, told, classifier } = scene();
    sampler.start();
    await time.advance(1_500);
    assert.deepEqual(
      samples.slice(0, 4).map(({ part }) => part),
      ['middle', 'beginning', 'end', 'middle'],
    );
    told.pace = 'again';
    classifier.scores = EXPLICIT;
    await time.advance(1_500);
    const [first, second] = samples.slice(4);
    assert.ok(first !== undefined && second !== undefined);
    assert.equal(second.part, first.part);
    assert.ok(second.atMs - first.atMs < 300);
  });

  it('[SH-32] covers the picture within three samples after suspicious ones', async () => {
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
      // The sample that just began is the first of them.
      const from = samples.length - 1;
      await sample(2);
      const parts = samples.slice(from).map(({ part }) => part);
      assert.equal(new Set(parts).size, 3, `after ${suspicious - 1}: ${parts.join()}`);
    }
  });

  it('[SH-24] pauses after each sample when sampling slowly', async () => {
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
    assert.ok((last?.atMs ?? 0) - (before?.atMs ?? 0) < 200);
  });

  it('[SH-31] runs one sample at a time, however slow the classifier', async () => {
    const { time, sampler, classifier, seen } = scene();
    classifier.takesMs = 3_000;
    sampler.start();
    await time.advance(20_000);
    assert.equal(classifier.inFlightMost, 1);
    assert.equal(seen.length, 6);
  });

  it('[SH-33] closes frames that are no longer needed', async () => {
    const { time, sampler, frames, seen } = scene();
    sampler.start();
    sampler.stop();
    await time.advance(5_000);
    assert.equal(frames.length, 1);
    assert.ok(frames[0]?.closed);
    assert.deepEqual(seen, []);
  });

  it('[SH-23] reports a missing picture and continues sampling', async () => {
    const { time, sampler, told, seen } = scene();
    told.picture = false;
    sampler.start();
    await time.advance(3_000);
    assert.ok(told.noPicture >= 4);
    told.picture = true;
    await time.advance(2_000);
    assert.ok(seen.length >= 1);
  });

  it('[SH-31] restarts after a stop, behind the running sample', async () => {
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
    assert.deepEqual(
      samples.slice(0, 2).map(({ part }) => part),
      ['middle', 'middle'],
    );
  });

  it('[SH-31] runs once after quick stops and starts', async () => {
    const { time, sampler, classifier, samples } = scene();
    classifier.takesMs = 400;
    for (let i = 0; i < 100; i += 1) {
      sampler.start();
      await time.advance(7);
      sampler.stop();
      await time.advance(3);
    }
    assert.equal(classifier.inFlightMost, 1);
    assert.ok(samples.length <= 4, `${samples.length} looks in a second`);
    await time.advance(5_000);
    assert.equal(time.pending, 0);
    assert.equal(classifier.inFlight, 0);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createPrng } from '@farandole/kernel/prng';
import { signal } from '@preact/signals';
import {
  CLEAN,
  EXPLICIT,
  FakeClassifier,
  FakeFrame,
  UNSURE,
} from '../../src/fakes/fake-classifier.ts';
import { FakeTime } from '../../src/fakes/fake-time.ts';
import { ClassifierKeeper } from '../../src/shield/classifier-keeper.ts';
import type { Part } from '../../src/shield/sampling.ts';
import { StrangerShield } from '../../src/shield/stranger-shield.ts';
import { rulesOfTests } from './scenes.ts';

function scene(prepare: (classifier: FakeClassifier) => void = () => {}) {
  const time = new FakeTime();
  const made: FakeClassifier[] = [];
  const keeper = new ClassifierKeeper(() => {
    const classifier = new FakeClassifier(time);
    if (made.length === 0) prepare(classifier);
    made.push(classifier);
    return Promise.resolve(classifier);
  });
  const hidden = signal(false);
  const frames: FakeFrame[] = [];
  const parts: Part[] = [];
  const prng = createPrng(3);
  const unit = (): number => prng.unit();
  const ports = { clock: time, scheduler: time, unit, keeper, hidden, rules: rulesOfTests };
  const shield = new StrangerShield(ports, {
    sample: (part) => {
      parts.push(part);
      const frame = new FakeFrame();
      frames.push(frame);
      return Promise.resolve(frame);
    },
  });
  const classifier = (): FakeClassifier => {
    const last = made.at(-1);
    assert.ok(last !== undefined);
    return last;
  };
  return { time, keeper, hidden, frames, shield, classifier, made };
}

describe('shield for one stranger', () => {
  it('[SH-11, SH-30] loads, samples three times, shows the stranger within 600 ms', async () => {
    const { time, shield } = scene();
    shield.consent(true);
    await time.advance(400);
    shield.pictureCame();
    await time.advance(199);
    assert.equal(shield.open.value, false);
    await time.advance(400);
    assert.equal(shield.open.value, true);
  });

  it('[SH-12] covers the stranger within 1.5 s of any explicit picture', async () => {
    for (const startsMs of [0, 100, 300, 500, 700, 850]) {
      const { time, shield, classifier } = scene();
      shield.consent(true);
      shield.pictureCame();
      await time.advance(3_000 + startsMs);
      assert.equal(shield.open.value, true);
      classifier().scores = EXPLICIT;
      await time.advance(1_400);
      assert.equal(shield.state.value.state, 'flagged', `after ${startsMs} ms`);
    }
  });

  it('[SH-12a] reports an unsure picture and shows it once clean', async () => {
    const { time, shield, classifier } = scene((unsure) => {
      unsure.scores = UNSURE;
    });
    shield.consent(true);
    shield.pictureCame();
    await time.advance(10_000);
    const { state } = shield;
    assert.ok(state.value.state === 'covered' && state.value.unsureAtMs !== null);
    shield.resume();
    assert.equal(shield.open.value, false);
    classifier().scores = CLEAN;
    await time.advance(4_000);
    assert.equal(shield.open.value, true);
  });

  it('[SH-16] covers the stranger and takes no samples while the page is hidden', async () => {
    const { time, hidden, shield, frames } = scene();
    shield.consent(true);
    shield.pictureCame();
    await time.advance(3_000);
    assert.equal(shield.open.value, true);
    hidden.value = true;
    assert.equal(shield.open.value, false);
    const samples = frames.length;
    await time.advance(60_000);
    assert.equal(frames.length, samples);
    assert.equal(shield.state.value.state, 'covered');
    hidden.value = false;
    await time.advance(700);
    assert.equal(shield.open.value, true);
  });

  it('[SH-20] keeps the stranger covered until the model loads', async () => {
    const { time, shield, made } = scene((classifier) => {
      classifier.fault = 'unreachable';
    });
    shield.consent(true);
    shield.pictureCame();
    await time.advance(10_000);
    const { state } = shield;
    assert.equal(state.value.state === 'unavailable' && state.value.why, 'unreachable');
    assert.equal(shield.open.value, false);
    shield.retry();
    await time.advance(2_000);
    assert.equal(made.length, 2);
    assert.equal(shield.open.value, true);
  });

  it('[SH-20] covers the stranger at once when the classifier fails', async () => {
    const { time, shield, classifier } = scene();
    shield.consent(true);
    shield.pictureCame();
    await time.advance(3_000);
    classifier().fault = 'crashed';
    await time.advance(1_000);
    assert.equal(shield.state.value.state, 'unavailable');
  });

  it('[SH-21] never shows the stranger if samples take three seconds; says why', async () => {
    const { time, shield, classifier } = scene((slow) => {
      slow.takesMs = 3_000;
    });
    shield.consent(true);
    shield.pictureCame();
    for (let i = 0; i < 100; i += 1) {
      await time.advance(100);
      assert.equal(shield.open.value, false);
    }
    const { state } = shield;
    assert.equal(state.value.state === 'unavailable' && state.value.why, 'too-slow');
    classifier().takesMs = 50;
    shield.retry();
    await time.advance(1_500);
    assert.equal(shield.open.value, true);
  });

  it('[SH-24] restarts the shield only once the device is fast enough', async () => {
    const { time, shield, classifier, frames } = scene((slow) => {
      slow.takesMs = 3_000;
    });
    shield.consent(true);
    shield.pictureCame();
    await time.advance(20_000);
    assert.equal(shield.state.value.state, 'unavailable');
    const samples = frames.length;
    await time.advance(60_000);
    assert.equal(shield.state.value.state, 'unavailable');
    assert.ok(frames.length - samples <= 8, `${frames.length - samples} samples in a minute`);
    classifier().takesMs = 100;
    const stateNow = (): string => shield.state.value.state;
    while (stateNow() === 'unavailable') {
      assert.equal(shield.open.value, false);
      await time.advance(10);
    }
    assert.equal(stateNow(), 'covered');
    await time.advance(3_000);
    assert.equal(shield.open.value, true);
    shield.leave();
    await time.advance(60_000);
    assert.equal(time.pending, 0);
  });

  it('[SH-24] measures a slow device at once when the page is shown again', async () => {
    const { time, shield, classifier, hidden } = scene((slow) => {
      slow.takesMs = 3_000;
    });
    shield.consent(true);
    shield.pictureCame();
    await time.advance(20_000);
    assert.equal(shield.state.value.state, 'unavailable');
    hidden.value = true;
    await time.advance(10_000);
    classifier().takesMs = 100;
    await time.advance(60_000);
    assert.equal(shield.state.value.state, 'unavailable');
    hidden.value = false;
    await time.advance(1_200);
    assert.equal(shield.state.value.state, 'covered');
    await time.advance(3_000);
    assert.equal(shield.open.value, true);
  });

  it('[SH-22] covers the stranger when the classifier stops answering', async () => {
    const { time, shield, classifier } = scene();
    shield.consent(true);
    shield.pictureCame();
    await time.advance(3_000);
    classifier().takesMs = 1e9;
    await time.advance(3_500);
    assert.equal(shield.open.value, false);
    await time.advance(4_000);
    assert.equal(shield.state.value.state, 'unavailable');
  });

  it('[SH-13] keeps sampling after Resume and leaves no timers at the end', async () => {
    const { time, shield, classifier, frames } = scene();
    shield.pictureCame();
    await time.advance(1_000);
    classifier().scores = EXPLICIT;
    await time.advance(2_000);
    assert.equal(shield.state.value.state, 'flagged');
    shield.resume();
    assert.equal(shield.open.value, true);
    classifier().scores = CLEAN;
    await time.advance(4_000);
    assert.equal(shield.state.value.state, 'clear');
    shield.leave();
    assert.equal(shield.open.value, false);
    const samples = frames.length;
    await time.advance(60_000);
    assert.equal(frames.length, samples);
    assert.equal(time.pending, 0);
    assert.ok(frames.every(({ closed }) => closed));
  });
});

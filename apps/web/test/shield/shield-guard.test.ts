import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { signal } from '@preact/signals';
import type { Viewer } from '../../src/call/rtc-handler.ts';
import { CLEAN, EXPLICIT, FakeClassifier, FakeFrame } from '../../src/fakes/fake-classifier.ts';
import { FakeTime } from '../../src/fakes/fake-time.ts';
import { ShieldGuard } from '../../src/shield/shield-guard.ts';
import { MIDDLE, RULES } from './scenes.ts';

const VIEWER: Viewer = {
  watch: () => {},
  drawTo: () => {},
  picture: () => null,
  sample: () => Promise.resolve(null),
  close: () => {},
};

const stranger = () => ({ sample: () => Promise.resolve(new FakeFrame()) });

async function scene() {
  const time = new FakeTime();
  const classifier = new FakeClassifier(time);
  const hidden = signal(false);
  const guard = new ShieldGuard({
    clock: time,
    scheduler: time,
    unit: MIDDLE,
    openClassifier: () => Promise.resolve(classifier),
    openViewer: () => VIEWER,
    hidden,
    rules: () => RULES,
    isOff: () => false,
  });
  guard.prepare();
  await time.advance(1_000);
  const meet = async (): Promise<void> => {
    guard.begin(stranger());
    guard.consent(true);
    guard.pictureCame();
    await time.advance(1_000);
  };
  return { time, classifier, guard, hidden, meet };
}

describe('shield between two strangers', () => {
  it("[SH-11, SH-17] a flagged picture doesn't affect the next stranger", async () => {
    const { time, classifier, guard, meet } = await scene();
    await meet();
    classifier.scores = EXPLICIT;
    await time.advance(1_500);
    assert.equal(guard.stranger.value.state, 'flagged');
    classifier.scores = CLEAN;
    guard.begin(stranger());
    assert.equal(guard.open.value, false);
    assert.equal(guard.stranger.value.flaggedAfterMs, null);
    assert.equal(guard.stranger.value.scores, null);
    // The shield keeps the new stranger covered because the user consented only to the previous
    // one.
    guard.pictureCame();
    await time.advance(3_000);
    assert.equal(guard.stranger.value.state, 'checked');
    assert.equal(guard.open.value, false);
    guard.consent(true);
    assert.equal(guard.open.value, true);
  });

  it('[SH-17] ignores late samples of the previous stranger', async () => {
    const { time, classifier, guard, meet } = await scene();
    await meet();
    assert.equal(guard.open.value, true);
    classifier.takesMs = 900;
    classifier.scores = EXPLICIT;
    await time.advance(900);
    assert.ok(classifier.inFlight > 0);
    guard.begin(stranger());
    guard.consent(true);
    assert.equal(guard.open.value, false);
    await time.advance(2_000);
    assert.equal(guard.stranger.value.scores, null);
    assert.equal(guard.open.value, false);
  });

  it("[SH-17] doesn't count the previous stranger's clean samples", async () => {
    const { time, classifier, guard } = await scene();
    classifier.takesMs = 150;
    guard.begin(stranger());
    guard.consent(true);
    guard.pictureCame();
    await time.advance(450);
    guard.begin(stranger());
    guard.consent(true);
    await time.advance(5_000);
    assert.equal(guard.open.value, false);
  });

  it('[SH-16] shows the stranger after three samples despite a briefly hidden page', async () => {
    const { time, classifier, guard, hidden, meet } = await scene();
    await meet();
    assert.equal(guard.open.value, true);
    for (let i = 0; i < 50; i += 1) {
      hidden.value = !hidden.value;
      assert.equal(guard.open.value, false);
      await time.advance(40);
    }
    assert.equal(classifier.inFlightMost, 1);
    hidden.value = false;
    await time.advance(1_000);
    assert.equal(guard.open.value, true);
  });

  it('[SH-20] covers a shown stranger when the classifier fails', async () => {
    const { time, classifier, guard, meet } = await scene();
    await meet();
    assert.equal(guard.open.value, true);
    classifier.scores = { ...CLEAN, porn: Number.NaN };
    await time.advance(1_000);
    assert.equal(guard.open.value, false);
    assert.equal(guard.stranger.value.state, 'unavailable');
    assert.equal(guard.stranger.value.why, 'crashed');
  });
});

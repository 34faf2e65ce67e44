import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CLEAN, EXPLICIT, FakeClassifier, UNSURE } from '../../src/fakes/fake-classifier.ts';
import { FakeTrack } from '../../src/fakes/fake-media.ts';
import { FakeRtcNetwork } from '../../src/fakes/fake-rtc.ts';
import { FakeTime } from '../../src/fakes/fake-time.ts';
import { ClassifierKeeper } from '../../src/shield/classifier-keeper.ts';
import { OwnCheck } from '../../src/shield/own-check.ts';
import { MIDDLE, rulesOfTests } from './scenes.ts';

function scene() {
  const time = new FakeTime();
  const classifiers: FakeClassifier[] = [];
  const next = { fails: false };
  const keeper = new ClassifierKeeper(() => {
    const classifier = new FakeClassifier(time);
    if (next.fails) classifier.fault = 'unreachable';
    classifiers.push(classifier);
    return Promise.resolve(classifier);
  });
  const rtc = new FakeRtcNetwork();
  const check = new OwnCheck({
    clock: time,
    scheduler: time,
    unit: MIDDLE,
    keeper,
    openViewer: rtc.openViewer,
    rules: rulesOfTests,
  });
  const classifier = (): FakeClassifier => {
    const last = classifiers.at(-1);
    assert.ok(last !== undefined);
    return last;
  };
  return { time, keeper, rtc, check, classifier, next };
}

describe("check of the user's own camera", () => {
  it("[SH-40] passes the user's own picture after three clean samples", async () => {
    const { time, check } = scene();
    check.watch(new FakeTrack('video'));
    assert.equal(check.view.value.state, 'waiting');
    await time.advance(310);
    assert.equal(check.view.value.state, 'checking');
    await time.advance(600);
    assert.deepEqual(check.view.value, { state: 'clean', dark: false });
  });

  it('[SH-40] blocks an explicit own picture until it is clearly clean', async () => {
    const { time, check, classifier } = scene();
    check.watch(new FakeTrack('video'));
    await time.advance(0);
    classifier().scores = EXPLICIT;
    await time.advance(1_000);
    assert.equal(check.view.value.state, 'explicit');
    classifier().scores = UNSURE;
    await time.advance(10_000);
    assert.equal(check.view.value.state, 'explicit');
    classifier().scores = CLEAN;
    await time.advance(3_000);
    assert.equal(check.view.value.state, 'clean');
  });

  it("[SH-40] doesn't block an own picture with uncertain scores", async () => {
    const { time, check, classifier } = scene();
    check.watch(new FakeTrack('video'));
    await time.advance(0);
    classifier().scores = UNSURE;
    await time.advance(1_500);
    assert.equal(check.view.value.state, 'clean');
  });

  it("[SH-41] shows a hint about a dark own picture, but doesn't block", async () => {
    const { time, check, classifier } = scene();
    check.watch(new FakeTrack('video'));
    await time.advance(0);
    classifier().luma = 39;
    await time.advance(1_500);
    assert.deepEqual(check.view.value, { state: 'clean', dark: true });
    classifier().luma = 40;
    await time.advance(1_500);
    assert.deepEqual(check.view.value, { state: 'clean', dark: false });
  });

  it('[SH-41] checks nothing without a camera; forgets the earlier camera', async () => {
    const { time, rtc, check } = scene();
    check.watch(null);
    assert.equal(check.view.value.state, 'none');
    check.watch(new FakeTrack('video'));
    await time.advance(2_000);
    check.watch(null);
    assert.equal(check.view.value.state, 'none');
    assert.ok(rtc.viewers.every(({ closed }) => closed));
    assert.equal(rtc.frames.size, 0);
    await time.advance(60_000);
    assert.equal(time.pending, 0);
  });

  it('[SH-42] reports the own-picture check as unavailable until the model loads', async () => {
    const { time, keeper, check, next } = scene();
    next.fails = true;
    check.watch(new FakeTrack('video'));
    await time.advance(1_000);
    assert.equal(check.view.value.state, 'unavailable');
    next.fails = false;
    keeper.load();
    await time.advance(1_500);
    assert.equal(check.view.value.state, 'clean');
  });

  it('[SH-40] restarts the own-picture check when the camera changes', async () => {
    const { time, check, classifier } = scene();
    check.watch(new FakeTrack('video'));
    await time.advance(0);
    classifier().scores = EXPLICIT;
    await time.advance(2_000);
    assert.equal(check.view.value.state, 'explicit');
    classifier().scores = CLEAN;
    check.watch(new FakeTrack('video'));
    assert.equal(check.view.value.state, 'checking');
    await time.advance(700);
    assert.equal(check.view.value.state, 'clean');
  });
});

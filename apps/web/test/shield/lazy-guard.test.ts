import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { signal } from '@preact/signals';
import { FakeClassifier, FakeFrame } from '../../src/fakes/fake-classifier.ts';
import { FakeTrack } from '../../src/fakes/fake-media.ts';
import { FakeRtcNetwork } from '../../src/fakes/fake-rtc.ts';
import { FakeTime } from '../../src/fakes/fake-time.ts';
import type { Guard } from '../../src/shield/guard.ts';
import { LazyGuard } from '../../src/shield/lazy-guard.ts';
import { ShieldGuard } from '../../src/shield/shield-guard.ts';
import { MIDDLE, rulesOfTests } from './scenes.ts';

const SAMPLED = { sample: () => Promise.resolve(new FakeFrame()) };

function scene() {
  const time = new FakeTime();
  const fetched: { resolve: (guard: Guard) => void; reject: (error: Error) => void }[] = [];
  const guard = new LazyGuard(
    () => new Promise((resolve, reject) => fetched.push({ resolve, reject })),
  );
  const real = (): Guard =>
    new ShieldGuard({
      clock: time,
      scheduler: time,
      unit: MIDDLE,
      openClassifier: () => Promise.resolve(new FakeClassifier(time)),
      openViewer: new FakeRtcNetwork().openViewer,
      hidden: signal(false),
      rules: rulesOfTests,
      isOff: () => false,
    });
  return { time, fetched, guard, real };
}

describe('shield before its code has loaded', () => {
  it('[SH-10] keeps the stranger covered until the shield loads, then applies earlier events', async () => {
    const { time, fetched, guard, real } = scene();
    guard.begin(SAMPLED);
    guard.pictureCame();
    guard.consent(true);
    assert.equal(guard.stranger.value.state, 'loading');
    await time.advance(5_000);
    assert.equal(guard.open.value, false);
    fetched[0]?.resolve(real());
    await time.advance(1_500);
    assert.equal(guard.open.value, true);
    guard.end();
    assert.equal(guard.open.value, false);
  });

  it("[SH-17] doesn't start for a stranger who left while the shield loaded", async () => {
    const { time, fetched, guard, real } = scene();
    guard.begin(SAMPLED);
    guard.pictureCame();
    guard.consent(true);
    guard.end();
    fetched[0]?.resolve(real());
    await time.advance(5_000);
    assert.equal(guard.open.value, false);
    assert.equal(time.pending, 0);
  });

  it('[SH-20] keeps the stranger covered if loading fails; retries on request', async () => {
    const { time, fetched, guard, real } = scene();
    guard.begin(SAMPLED);
    guard.pictureCame();
    guard.consent(true);
    fetched[0]?.reject(new TypeError('not fetched'));
    await time.advance(1_000);
    const { state, why } = guard.stranger.value;
    assert.deepEqual([state, why], ['unavailable', 'unreachable']);
    assert.equal(guard.open.value, false);
    guard.retry();
    assert.equal(fetched.length, 2);
    fetched[1]?.resolve(real());
    await time.advance(1_500);
    assert.equal(guard.open.value, true);
  });

  it("[SH-40, SH-42] doesn't pass the own picture before the shield has loaded", async () => {
    const { time, fetched, guard, real } = scene();
    assert.equal(guard.own.value.state, 'none');
    guard.watchOwn(new FakeTrack('video'));
    assert.equal(guard.own.value.state, 'waiting');
    fetched[0]?.reject(new TypeError('not fetched'));
    await time.advance(10);
    assert.equal(guard.own.value.state, 'unavailable');
    guard.retry();
    fetched[1]?.resolve(real());
    await time.advance(1_500);
    assert.equal(guard.own.value.state, 'clean');
    guard.watchOwn(null);
    assert.equal(guard.own.value.state, 'none');
  });

  it("[SH-20] loads the shield's code once for repeated requests", async () => {
    const { time, fetched, guard, real } = scene();
    guard.prepare();
    guard.prepare();
    guard.begin(SAMPLED);
    assert.equal(fetched.length, 1);
    fetched[0]?.resolve(real());
    await time.advance(10);
    guard.prepare();
    assert.equal(fetched.length, 1);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Mode } from '@farandole/protocol/fields';
import { signal } from '@preact/signals';
import { World } from '../../src/fakes/world.ts';
import type { CachedClassifier } from '../../src/shield/classifier-keeper.ts';
import { VideoMeanwhile } from '../../src/shield/video-meanwhile.ts';

function scene() {
  const mode = signal<Mode | null>(null);
  const classifier = signal<CachedClassifier>({ state: 'idle' });
  return { mode, classifier, meanwhile: new VideoMeanwhile({ mode, classifier }) };
}

describe('text while the shield loads', () => {
  it('[SH-3c] offers a text call while the shield loads slowly, then video', async () => {
    const world = new World();
    const ada = world.person('ada', { preferences: { rulesVersion: 1 } });
    const bo = world.regular('bo');
    ada.classifier.loadsMs = 100_000;
    await world.time.quiet();
    ada.app.navigation.start('video');
    void ada.app.devices.ask();
    await world.time.advance(50_000);
    ada.app.navigation.continueToQueue('text');
    bo.app.navigation.start('text');
    await world.time.advance(1_000);
    assert.equal(ada.app.screen.value, 'call-text');
    assert.deepEqual(ada.app.videoMeanwhile.view.value, { state: 'loading', share: 0.5 });
    await world.time.advance(50_000);
    assert.deepEqual(ada.app.videoMeanwhile.view.value, { state: 'ready' });
    assert.equal(bo.app.videoMeanwhile.view.value, null);
    ada.app.call.video.value?.prepare();
    await world.time.advance(1_000);
    assert.equal(ada.app.call.view.value?.video?.state, 'getting-ready');
    assert.ok(ada.app.call.view.value?.video?.mayAgree);
  });

  it('[SH-3c] shows no loading message to a user whose shield wasn’t loading', () => {
    const { mode, classifier, meanwhile } = scene();
    mode.value = 'text';
    assert.equal(meanwhile.view.value, null);
    classifier.value = { state: 'ready' };
    assert.equal(meanwhile.view.value, null);
  });

  it('[SH-3c] shows no loading message if the video offer requested the shield', () => {
    const { mode, classifier, meanwhile } = scene();
    mode.value = 'text';
    classifier.value = { state: 'loading', share: 0.2 };
    assert.equal(meanwhile.view.value, null);
    classifier.value = { state: 'ready' };
    assert.equal(meanwhile.view.value, null);
  });

  it('[SH-3c] hides the shield’s message when text ends, video starts, or on dismissal', () => {
    for (const next of [null, 'video'] as const) {
      const { mode, classifier, meanwhile } = scene();
      classifier.value = { state: 'loading', share: 0.2 };
      mode.value = 'text';
      classifier.value = { state: 'ready' };
      mode.value = next;
      assert.equal(meanwhile.view.value, null);
      mode.value = 'text';
      assert.equal(meanwhile.view.value, null);
    }
    const { mode, classifier, meanwhile } = scene();
    classifier.value = { state: 'loading', share: 0.2 };
    mode.value = 'text';
    classifier.value = { state: 'ready' };
    meanwhile.dismiss();
    assert.equal(meanwhile.view.value, null);
  });

  it('[SH-3c] shows a stopped download unless the browser can’t run the shield', () => {
    const { mode, classifier, meanwhile } = scene();
    classifier.value = { state: 'loading', share: 0.2 };
    mode.value = 'text';
    classifier.value = { state: 'failed', fault: 'stalled' };
    assert.deepEqual(meanwhile.view.value, { state: 'failed' });
    classifier.value = { state: 'loading', share: 0.2 };
    assert.deepEqual(meanwhile.view.value, { state: 'loading', share: 0.2 });
    classifier.value = { state: 'failed', fault: 'unsupported' };
    assert.equal(meanwhile.view.value, null);
  });
});

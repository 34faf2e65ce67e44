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
  it('[SH-3c] lets a user on a slow line meet by text and offers video when ready', async () => {
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

  it('[SH-3c] says nothing to a user whose shield was never loading', () => {
    const { mode, classifier, meanwhile } = scene();
    mode.value = 'text';
    assert.equal(meanwhile.view.value, null);
    classifier.value = { state: 'ready' };
    assert.equal(meanwhile.view.value, null);
  });

  it('[SH-3c] says nothing of a shield that the offer of video requested', () => {
    const { mode, classifier, meanwhile } = scene();
    mode.value = 'text';
    classifier.value = { state: 'loading', share: 0.2 };
    assert.equal(meanwhile.view.value, null);
    classifier.value = { state: 'ready' };
    assert.equal(meanwhile.view.value, null);
  });

  it('[SH-3c] ends with the text, with video, and when the user declines', () => {
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

  it('[SH-3c] says that the download stopped unless the browser can’t run the shield', () => {
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

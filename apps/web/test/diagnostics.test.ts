import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signal } from '@preact/signals';
import { BROWSERS } from '../src/gallery/browsers.ts';
import type { SceneState } from '../src/gallery/scene-state.ts';
import { SCENES, type SceneName } from '../src/gallery/scenes.ts';
import { diagnosticsOf } from '../src/screens/settings/diagnostics.ts';

const AROUND = { version: '0.1.0', language: 'fr', width: 390, height: 844, pixelRatio: 3 };

function diagnosed(name: SceneName, change: Partial<SceneState> = {}): string {
  const scene: SceneState = { ...SCENES[name], ...change };
  return diagnosticsOf(
    {
      browser: scene.browser,
      connectionCheck: signal(scene.connectionCheck),
      deviceChoice: { lists: signal(scene.deviceLists) },
      devices: signal(scene.devices),
      link: signal(scene.link),
      preferences: signal(scene.preferences),
      screen: signal(scene.screen),
      server: signal(scene.server),
      shieldLoad: signal(scene.shieldLoad),
      storageBlocked: signal(scene.storageBlocked),
      videoSupported: scene.videoSupported,
    },
    AROUND,
  );
}

test('what somebody who helps wants to know is there', () => {
  const text = diagnosed('green-room-blocked', { browser: BROWSERS.edgeWindows });
  for (const line of [
    'Farandole: 0.1.0',
    'browser: edge 156 on windows',
    'inside an app: no',
    'screen: green-room',
    'server: relay until-consent, with TURN',
    'devices: failed, blocked; camera absent, microphone absent',
    'connection: relay',
  ]) {
    assert.ok(text.split('\n').includes(line), line);
  }
  assert.match(diagnosed('green-room-in-app'), /^inside an app: Instagram$/mu);
  assert.match(
    diagnosed('landing', { browser: BROWSERS.safariIos }),
    /^browser: safari 26 on ios$/mu,
  );
  assert.match(diagnosed('landing', { browser: BROWSERS.webviewIos }), /^inside an app: yes$/mu);
});

test('no address, no id, no name of a device, and nothing that anybody wrote is in it', () => {
  for (const name of Object.keys(SCENES) as SceneName[]) {
    const scene: SceneState = SCENES[name];
    const text = diagnosed(name, { browser: BROWSERS.instagramIos });
    const { cameras, microphones, speakers } = scene.deviceLists;
    const told = [
      ...[...cameras, ...microphones, ...(speakers ?? [])].flatMap(({ id, label }) => [id, label]),
      ...scene.preferences.interests,
      ...(scene.chat?.lines ?? []).map((line) => line.text),
      ...[scene.server.sourceUrl, scene.server.operator.name, scene.server.operator.contact],
      ...['iPhone15,2', 'iOS 18_6', 'en_GB', '770000000'],
    ];
    for (const secret of told) {
      // A device's id in the gallery may be as short as a number of the text.
      if (secret === null || secret.length < 4) continue;
      assert.ok(!text.includes(secret), `${name}: ${secret}`);
    }
    assert.doesNotMatch(text, /\d+\.\d+\.\d+\.\d+|:\/\/|[0-9a-f]{8}|@/u);
  }
});

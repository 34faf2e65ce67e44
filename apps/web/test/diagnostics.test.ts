import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BROWSERS } from '../src/gallery/browsers.ts';
import { SCENE_NAMES, type SceneName, viewsOf } from '../src/gallery/scenes.ts';
import { diagnosticsOf } from '../src/screens/settings/diagnostics.ts';
import { playScenes } from './support/scenes.ts';

const AROUND = { version: '0.1.0', language: 'fr', width: 390, height: 844, pixelRatio: 3 };

const apps = await playScenes(SCENE_NAMES);

function diagnosed(name: SceneName, named?: keyof typeof BROWSERS): string {
  const { browser, screen, link, connectionCheck, devices, settings, shield } = apps[name];
  return diagnosticsOf(
    {
      ...{ screen, link, connectionCheck, devices, settings, shield },
      browser: named === undefined ? browser : BROWSERS[named],
    },
    AROUND,
  );
}

test('lists versions, settings and states in the diagnostic text for support', () => {
  const text = diagnosed('green-room-blocked', 'edgeWindows');
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
  assert.match(diagnosed('landing', 'safariIos'), /^browser: safari 26 on ios$/mu);
  assert.match(diagnosed('landing', 'webviewIos'), /^inside an app: yes$/mu);
});

test('omits addresses, ids, device names and user text from diagnostics', () => {
  for (const name of SCENE_NAMES) {
    const scene = viewsOf(apps[name]);
    const text = diagnosed(name, 'instagramIos');
    const { cameras, microphones, speakers } = scene.deviceLists;
    const told = [
      ...[...cameras, ...microphones, ...(speakers ?? [])].flatMap(({ id, label }) => [id, label]),
      ...scene.preferences.interests,
      ...(scene.chat?.lines ?? []).map((line) => line.text),
      ...[scene.server?.sourceUrl, scene.server?.operator.name, scene.server?.operator.contact],
      ...['iPhone15,2', 'iOS 18_6', 'en_GB', '770000000'],
    ];
    for (const secret of told) {
      // The test skips short ids, because the ids of the gallery's devices may equal a number in
      // the text.
      if (secret === null || secret === undefined || secret.length < 4) continue;
      assert.ok(!text.includes(secret), `${name}: ${secret}`);
    }
    assert.doesNotMatch(text, /\d+\.\d+\.\d+\.\d+|:\/\/|[0-9a-f]{8}|@/u);
  }
});

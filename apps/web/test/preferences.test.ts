import assert from 'node:assert/strict';
import { test } from 'node:test';
import { INTERESTS_MAX } from '@farandole/protocol/limits';
import fc from 'fast-check';
import type { KeyValueStore } from '../src/base/ports.ts';
import { VOLUME_MAX } from '../src/sound/limits.ts';
import type { Preferences } from '../src/state/preferences-model.ts';
import { NO_PREFERENCES, PreferencesModel } from '../src/state/preferences-model.ts';

function memory(): KeyValueStore & { text: string | null } {
  return {
    text: null,
    read() {
      return this.text;
    },
    write(_key, value) {
      this.text = value;
    },
    remove() {
      this.text = null;
    },
  };
}

test('restores stored preferences in a new model', () => {
  const store = memory();
  new PreferencesModel(store).set({ interests: ['film'], onlyShared: true, rulesVersion: 3 });
  assert.deepEqual(new PreferencesModel(store).value.value, {
    ...NO_PREFERENCES,
    interests: ['film'],
    onlyShared: true,
    rulesVersion: 3,
  });
});

test('prefers stored preferences to default preferences', () => {
  const store = memory();
  assert.deepEqual(new PreferencesModel(store, { languages: ['fr'] }).value.value.languages, [
    'fr',
  ]);
  new PreferencesModel(store, { languages: ['fr'] }).set({ languages: ['de'] });
  assert.deepEqual(new PreferencesModel(store, { languages: ['fr'] }).value.value.languages, [
    'de',
  ]);
});

test('stores at most as many interests as a search ticket can carry', () => {
  const preferences = new PreferencesModel(memory());
  const interests = Array.from({ length: INTERESTS_MAX + 1 }, (_, i) => `tag ${i}`);
  preferences.set({ interests: interests.slice(0, INTERESTS_MAX) });
  assert.equal(preferences.value.value.interests.length, INTERESTS_MAX);
  preferences.set({ interests });
  assert.equal(preferences.value.value.interests.length, INTERESTS_MAX);
});

test('stores the sound preferences and limits the volume to its range', () => {
  const store = memory();
  const preferences = new PreferencesModel(store);
  preferences.set({ sounds: false, volume: VOLUME_MAX + 1 });
  const kept = new PreferencesModel(store).value.value;
  assert.deepEqual([kept.sounds, kept.volume], [false, VOLUME_MAX]);
  preferences.set({ volume: -1 });
  assert.equal(preferences.value.value.volume, 0);
  store.text = JSON.stringify({ sounds: 'loud', volume: VOLUME_MAX + 1 });
  const { sounds, volume } = new PreferencesModel(store).value.value;
  assert.deepEqual([sounds, volume], [NO_PREFERENCES.sounds, NO_PREFERENCES.volume]);
});

test('keeps preferences in memory without storage and tells the user', () => {
  const preferences = new PreferencesModel({
    read: () => null,
    write: () => {
      throw new Error('blocked');
    },
    remove: () => {},
  });
  assert.equal(preferences.blocked.value, false);
  preferences.set({ onlyShared: true });
  assert.deepEqual([preferences.value.value.onlyShared, preferences.blocked.value], [true, true]);
});

test('deletes preferences from memory and storage', () => {
  const store = memory();
  const preferences = new PreferencesModel(store, { languages: ['fr'] });
  preferences.set({ interests: ['film'], languages: ['de'], theme: 'dark', rulesVersion: 3 });
  preferences.forget();
  assert.equal(store.text, null);
  assert.deepEqual(preferences.value.value, { ...NO_PREFERENCES, languages: ['fr'] });
});

/** Preferences that differ from the default in every field. */
const CHOSEN: Preferences = {
  theme: 'dark',
  textSize: 130,
  motion: 'reduced',
  contrast: 'more',
  interests: ['film'],
  onlyShared: true,
  languages: ['de'],
  hideLanguages: true,
  shield: 'automatic',
  relayOnly: true,
  mirrored: false,
  startsWithCameraOff: true,
  startsMuted: true,
  savesData: true,
  blursBackground: true,
  suppressesNoise: false,
  letterKeys: false,
  controlsStay: true,
  corner: 'bottom-start',
  reactions: false,
  tellTyping: false,
  translates: true,
  captions: true,
  sounds: false,
  volume: 40,
  rulesVersion: 3,
  houseVersion: 2,
  houseText: { en: 'Speak of films.', fr: '' },
  isUntoldMinor: true,
  greenRoomPassed: true,
  startsFrom: 'voice',
  exchange: ['en', 'fr:B1', '+'],
  exposureRead: 'relay',
};

function restored(text: string): Preferences {
  const store: KeyValueStore = { read: () => text, write: () => {}, remove: () => {} };
  return new PreferencesModel(store).value.value;
}

test('restores a non-default value of every preference', () => {
  const store = memory();
  new PreferencesModel(store).set(CHOSEN);
  assert.deepEqual(new PreferencesModel(store).value.value, CHOSEN);
  for (const [name, value] of Object.entries(CHOSEN)) {
    assert.notDeepEqual(value, NO_PREFERENCES[name as keyof Preferences], name);
  }
});

test('discards only the invalid value of stored preferences', () => {
  for (const name of Object.keys(CHOSEN) as (keyof Preferences)[]) {
    for (const bad of [null, -1, 1.5, 'purple', {}, [7], '__proto__']) {
      const text = JSON.stringify({ ...CHOSEN, [name]: bad });
      const expected = { ...CHOSEN, [name]: NO_PREFERENCES[name] };
      assert.deepEqual(restored(text), expected, `${name} ${text}`);
    }
  }
});

test('returns valid preferences for any stored content', () => {
  const leftover = fc.oneof(
    fc.string(),
    fc.json(),
    fc
      .record({
        interests: fc.jsonValue(),
        languages: fc.jsonValue(),
        rulesVersion: fc.jsonValue(),
      })
      .map((value) => JSON.stringify(value)),
  );
  fc.assert(
    fc.property(leftover, (text) => {
      const value = restored(text);
      assert.ok(value.interests.every((interest) => typeof interest === 'string'));
      assert.ok(value.languages.every((language) => typeof language === 'string'));
      assert.ok(Number.isInteger(value.rulesVersion) && value.rulesVersion >= 0);
    }),
  );
});

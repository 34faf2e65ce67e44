import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLocales } from '@farandole/ui/scripts/locales';
import { Sentences } from '@farandole/ui/sentences';
import { deviceChangeAnnouncement } from '../../src/a11y/devices-announced.ts';
import { HEADSET } from '../../src/gallery/laptop-devices.ts';

test('names the device in each language', () => {
  for (const [language, words] of Object.entries(readLocales('page-rest'))) {
    const sentences = new Sentences();
    sentences.add(language, 'rest', words);
    for (const news of [
      { news: 'replaced', device: 'microphone', label: 'Built-in' },
      { news: 'offered', label: 'AirPods', devices: HEADSET },
    ] as const) {
      const { key, values } = deviceChangeAnnouncement(news);
      const sentence = sentences.say(language, key, values);
      assert.ok(sentence.includes(news.label), `${language}: ${sentence}`);
      assert.doesNotMatch(sentence, /[{}]/u);
    }
  }
});

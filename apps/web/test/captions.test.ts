import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signal } from '@preact/signals';
import { CAPTION_STAYS_MS, CAPTIONS_RESTART_MS, Captions } from '../src/captions/captions.ts';
import { browserSpeech, type SpeechEvents } from '../src/captions/speech.ts';
import { spokenTags } from '../src/captions/spoken-tags.ts';
import { FakeTrack } from '../src/fakes/fake-media.ts';
import { FakeSpeech } from '../src/fakes/fake-speech.ts';
import { FakeTime, settle } from '../src/fakes/fake-time.ts';

async function scene(set: (speech: FakeSpeech) => void = () => {}) {
  const speech = new FakeSpeech();
  set(speech);
  const time = new FakeTime();
  const track = signal<MediaStreamTrack | null>(null);
  const wanted = signal(false);
  const languages = signal<readonly string[]>(['fr-FR', 'en-US']);
  const captions = new Captions({
    ...{ speech, scheduler: time },
    track: () => track.value,
    wanted: () => wanted.value,
    languages: () => languages.value,
  });
  await settle();
  return { ...{ speech, time, track, wanted, languages, captions }, view: captions.view };
}

test('[DV-52] writes captions only once turned on, while the stranger is heard', async () => {
  const { speech, track, wanted, view } = await scene();
  track.value = new FakeTrack('audio');
  assert.deepEqual([view.value.state, speech.running.size], ['off', 0]);
  wanted.value = true;
  await settle();
  assert.deepEqual([...speech.running], [[track.value, 'en-US']]);
  speech.hear('hello');
  assert.deepEqual([view.value.state, view.value.text], ['on', 'hello']);
  track.value = null;
  assert.deepEqual([view.value.state, view.value.text, speech.running.size], ['off', '', 0]);
});

test('[DV-52] recognises the next stranger’s sound, and stops when turned off', async () => {
  const { speech, track, wanted, view } = await scene();
  wanted.value = true;
  await settle();
  track.value = new FakeTrack('audio');
  speech.hear('hello');
  const next = new FakeTrack('audio');
  track.value = next;
  assert.deepEqual([[...speech.running.keys()], view.value.text], [[next], '']);
  wanted.value = false;
  assert.deepEqual([view.value.state, speech.running.size], ['off', 0]);
});

test('[DV-52] clears the last words after a while', async () => {
  const { speech, time, track, wanted, view } = await scene();
  wanted.value = true;
  await settle();
  track.value = new FakeTrack('audio');
  speech.hear('hello');
  await time.advance(CAPTION_STAYS_MS - 1);
  speech.hear('hello there');
  await time.advance(CAPTION_STAYS_MS - 1);
  assert.equal(view.value.text, 'hello there');
  await time.advance(1);
  assert.deepEqual([view.value.state, view.value.text], ['on', '']);
});

test('[DV-52] begins again after the browser ended a recognition', async () => {
  const { speech, time, track, wanted } = await scene();
  wanted.value = true;
  await settle();
  track.value = new FakeTrack('audio');
  speech.end('over');
  await time.advance(CAPTIONS_RESTART_MS);
  assert.equal(speech.running.size, 1);
  speech.end('over');
  track.value = null;
  await time.advance(CAPTIONS_RESTART_MS);
  assert.equal(speech.running.size, 0);
});

test('[DV-51] says that captions failed', async () => {
  for (const takesTracks of [true, false]) {
    const { speech, time, track, wanted, view } = await scene((one) =>
      Object.assign(one, { takesTracks }),
    );
    wanted.value = true;
    await settle();
    track.value = new FakeTrack('audio');
    if (takesTracks) speech.end('failed');
    assert.deepEqual([view.value.state, view.value.text], ['failed', '']);
    await time.advance(CAPTIONS_RESTART_MS);
    assert.equal(speech.running.size, 0);
  }
});

test('[DV-50] fails without an installed language, until one is', async () => {
  const { speech, track, wanted, languages, view } = await scene((one) => {
    one.installed = ['de-DE'];
  });
  wanted.value = true;
  await settle();
  track.value = new FakeTrack('audio');
  assert.deepEqual([view.value.language, view.value.state], [null, 'failed']);
  languages.value = ['de-DE'];
  await settle();
  assert.deepEqual([view.value.language, speech.running.size], ['de-DE', 1]);
});

test('[DV-50] asks the browser nothing before the user wants captions', async () => {
  const { speech, track } = await scene();
  track.value = new FakeTrack('audio');
  await settle();
  assert.equal(speech.asked, 0);
});

test('[DV-50] asks for regional languages, those of the browser first', () => {
  assert.deepEqual(spokenTags(['en', 'pt', 'no tag'], ['en-GB', 'en', 'de-AT']), [
    ...['en-GB', 'en-US', 'pt-BR'],
  ]);
  assert.deepEqual(spokenTags(['fr-CA', 'fr'], []), ['fr-CA', 'fr-FR']);
});

type Started = MediaStreamTrack | undefined;

/** The browser's recogniser. It hears what the test dispatches. */
class FakeRecognition extends EventTarget {
  static instances: FakeRecognition[] = [];
  static asked: unknown[] = [];
  static ignoresTracks = false;
  static available: unknown = (options: unknown) => {
    FakeRecognition.asked.push(options);
    return Promise.resolve('available');
  };
  lang = '';
  continuous = false;
  interimResults = false;
  #isLocal = false;
  started: Started;
  isAborted = false;

  constructor() {
    super();
    FakeRecognition.instances.push(this);
  }

  get processLocally(): boolean {
    return this.#isLocal;
  }

  set processLocally(isLocal: boolean) {
    this.#isLocal = isLocal;
  }

  start(track: Started): void {
    if (!FakeRecognition.ignoresTracks && track?.readyState === 'ended') {
      throw new DOMException('ended', 'InvalidStateError');
    }
    this.started = track;
  }

  abort(): void {
    this.isAborted = true;
  }
}

function withRecognition(change: object, run: () => void | Promise<void>): Promise<void> {
  Object.assign(FakeRecognition, { instances: [], asked: [], ignoresTracks: false }, change);
  Object.assign(globalThis, { SpeechRecognition: FakeRecognition });
  return Promise.resolve(run()).finally(() =>
    Reflect.deleteProperty(globalThis, 'SpeechRecognition'),
  );
}

const SILENT: SpeechEvents = { heard: () => {}, ended: () => {} };

test('[DV-50] uses only recognition on the device', async () => {
  assert.equal(browserSpeech(), null);
  await withRecognition({}, async () => {
    const speech = browserSpeech();
    assert.equal(await speech?.pick(['fr-FR']), 'fr-FR');
    assert.deepEqual(FakeRecognition.asked, [{ langs: ['fr-FR'], processLocally: true }]);
    const track = new FakeTrack('audio');
    const heard: string[] = [];
    const ends: string[] = [];
    const stop = speech?.listen(track, 'fr-FR', {
      heard: (text) => heard.push(text),
      ended: (why) => ends.push(why),
    });
    assert.ok(FakeRecognition.instances.every((one) => one.processLocally));
    const [running, ...others] = FakeRecognition.instances.filter(({ started }) => started);
    assert.ok(running !== undefined);
    assert.deepEqual([others, running.started, running.lang], [[], track, 'fr-FR']);
    const results = [[{ transcript: 'old' }], [{ transcript: ' salut' }], [{ transcript: ' toi' }]];
    running.dispatchEvent(Object.assign(new Event('result'), { results, resultIndex: 1 }));
    running.dispatchEvent(Object.assign(new Event('error'), { error: 'no-speech' }));
    running.dispatchEvent(new Event('end'));
    stop?.();
    assert.deepEqual([heard, ends, running.isAborted], [['salut toi'], ['over'], true]);
  });
  for (const status of ['downloadable', 'downloading', 'unavailable']) {
    const available = () => Promise.resolve(status);
    await withRecognition({ available }, async () => {
      assert.equal(await browserSpeech()?.pick(['fr-FR']), null, status);
    });
  }
  await withRecognition({ available: undefined }, () => assert.equal(browserSpeech(), null));
});

test('[DV-51] never lets a browser listen to the microphone instead of the track', async () => {
  await withRecognition(
    { ignoresTracks: true, available: () => Promise.resolve('available') },
    () => {
      const track = new FakeTrack('audio');
      assert.throws(() => browserSpeech()?.listen(track, 'en-US', SILENT), { name: 'SpeechError' });
      assert.ok(FakeRecognition.instances.every(({ isAborted }) => isAborted));
      assert.equal(track.readyState, 'live');
    },
  );
});

test('[DV-51] ends as failed if the browser refuses to recognise on the device', async () => {
  await withRecognition({}, () => {
    const ends: string[] = [];
    browserSpeech()?.listen(new FakeTrack('audio'), 'en-US', {
      ...SILENT,
      ended: (why) => ends.push(why),
    });
    const running = FakeRecognition.instances.find(({ started }) => started);
    running?.dispatchEvent(Object.assign(new Event('error'), { error: 'language-not-supported' }));
    running?.dispatchEvent(new Event('end'));
    assert.deepEqual(ends, ['failed']);
  });
});

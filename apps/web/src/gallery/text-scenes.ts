import { EXPLICIT } from '../fakes/fake-classifier.ts';
import { deviceError } from '../fakes/fake-devices.ts';
import { OWN_CHECK_MS } from '../fakes/world.ts';
import { GERMAN, installTranslator } from './built-in-translator.ts';
import type { Scenes, Script } from './scene.ts';
import type { SceneWorld } from './scene-world.ts';

const SCRIPTS = [
  'مرحبا! كيف حالك اليوم؟',
  'שלום, hello, and שלום again',
  'I like قهوة (coffee) a lot…',
  '你好。今天下雨了，我在家喝茶。',
  '👩🏽‍🍳🫖✨ 🏳️‍🌈 👩🏽‍🚀',
  'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft',
  'سطر أول\nand a second line\nוהשלישי',
];

/** Creates a scene of a text call with messages, and then runs `then`. */
const text =
  (then: (world: SceneWorld) => void | Promise<void> = () => {}): Script =>
  async (world) => {
    await world.textCall();
    await then(world);
    await world.time.quiet();
  };

const quiet = (then: (world: SceneWorld) => void | Promise<void>): Script =>
  text(async (world) => {
    world.stranger.app.chat.setDraft('');
    await then(world);
  });

/** Opens the devices for the upgrade to video, so that the user's own picture is shown. */
async function turns(world: SceneWorld): Promise<void> {
  world.you.app.call.video.value?.prepare();
  await world.time.advance(OWN_CHECK_MS);
}

/** Goes on by text from the green room while the shield loads, and meets somebody. */
async function textMeanwhile(world: SceneWorld): Promise<void> {
  await world.greenRoom({}, () => {
    world.you.classifier.loadsMs = 60_000;
  });
  void world.you.app.devices.ask();
  await world.time.advance(30_000);
  world.you.app.navigation.continueToQueue('text');
  await world.time.quiet();
}

/**
 * A text call with a German line, in a browser with a translator.
 * @param automatic whether the page translates without a press
 * @param fails whether the translator fails
 */
const translating =
  ({ automatic = false, fails = false } = {}): Script =>
  async (world) => {
    installTranslator(fails);
    await world.connect('text', { preferences: { translates: automatic } });
    await world.talk();
    await world.says(world.stranger, GERMAN);
  };

export const textScenes = {
  'waiting-text-shield-loading': textMeanwhile,
  async 'waiting-text-shield-ready'(world) {
    await textMeanwhile(world);
    await world.time.advance(30_000);
  },
  async 'waiting-text-shield-stalled'(world) {
    await textMeanwhile(world);
    world.you.classifier.fault = 'stalled';
    await world.time.advance(30_000);
  },
  async 'text-shield-ready'(world) {
    await textMeanwhile(world);
    await world.strangerComes('text');
    await world.talk();
    await world.time.advance(30_000);
  },
  text: text(),
  'text-empty': (world) => world.connect('text'),
  async 'text-long'(world) {
    await world.connect('text');
    await world.talkLong();
  },
  'text-really': text(({ you }) => you.app.navigation.next()),
  'text-caution': quiet(({ you }) => {
    you.app.chat.setDraft('call me: +33 1 99 00 12 34');
    you.app.chat.sendLine();
  }),
  'text-age': quiet((world) => world.says(world.stranger, '17 m')),
  async 'text-no-language'(world) {
    await world.connect('text', { preferences: { interests: [], languages: ['fr'] } });
    await world.talk();
    await world.types();
  },
  'text-translate': translating(),
  'text-translated': translating({ automatic: true }),
  'text-translate-failed': translating({ automatic: true, fails: true }),
  'text-quiet': quiet((world) => world.time.advance(125_000)),
  async 'text-scripts'(world) {
    await world.connect('text');
    for (const [at, said] of SCRIPTS.entries()) {
      await world.says(at % 2 === 0 ? world.stranger : world.you, said);
    }
    world.you.app.chat.setDraft('مرحبا');
  },
  'text-video-theirs': text(async (world) => {
    const { app } = world.stranger;
    app.call.video.value?.prepare();
    await world.time.advance(OWN_CHECK_MS);
    app.call.video.value?.agree();
  }),
  'text-video-asking': text(({ you }) => {
    you.devices.gate = new Promise(() => {});
    you.app.call.video.value?.prepare();
  }),
  'text-video-checking': text(async (world) => {
    world.you.classifier.takesMs = 5_000;
    await turns(world);
  }),
  'text-video-ready': text(turns),
  'text-video-explicit': text(async (world) => {
    world.you.classifier.scores = EXPLICIT;
    await turns(world);
  }),
  'text-video-no-camera': text(async (world) => {
    const { devices } = world.you;
    devices.there = (devices.there ?? []).filter(({ kind }) => kind !== 'camera');
    devices.failures = [deviceError('NotFoundError')];
    await turns(world);
  }),
  'text-video-waiting': text(async (world) => {
    await turns(world);
    world.you.app.call.video.value?.agree();
  }),
  'text-video-refused': text(async (world) => {
    await turns(world);
    world.you.app.call.video.value?.agree();
    await world.time.quiet();
    world.stranger.app.call.video.value?.decline();
    await world.time.quiet();
  }),
  'text-away': text((world) =>
    world.tell({ type: 'peer.presence', ...world.inCall, present: false }),
  ),
  'text-restoring': text((world) => world.restart()),
  'text-reconnecting': text((world) => world.cut(true)),
  async 'text-ended'(world) {
    await world.connect('text');
    await world.talkLong();
    world.stranger.app.navigation.stop();
    await world.time.quiet();
  },
} as const satisfies Scenes;

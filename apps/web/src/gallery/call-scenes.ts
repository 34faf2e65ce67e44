import type { Game } from '@farandole/protocol/fields';
import { CARDS_MAX, REACTIONS_MAX } from '@farandole/protocol/limits';
import { deviceError } from '../fakes/fake-devices.ts';
import { isSwapped } from '../screens/conversation/self-place.ts';
import { installSpeech } from './built-in-speech.ts';
import { installTranslator } from './built-in-translator.ts';
import { HEADSET } from './laptop-devices.ts';
import type { Scenes, Script } from './scene.ts';
import type { SceneWorld } from './scene-world.ts';

/** Creates a scene of a call in which both users see each other, and then runs `then`. */
const call =
  (then: (world: SceneWorld) => void | Promise<void>, preferences = {}): Script =>
  async (world) => {
    await world.call({ preferences });
    await then(world);
    await world.time.advance(50);
  };

const path = (change: Partial<SceneWorld['path']>, forMs = 4_000, preferences = {}): Script =>
  call(async (world) => {
    Object.assign(world.path, change);
    await world.time.advance(forMs);
  }, preferences);
const POOR = { rttMs: 480, loss: 0.14, jitterMs: 38, frozen: 0.12 };

const broken = async ({ rtc, time }: SceneWorld, forMs: number): Promise<void> => {
  rtc.reachable = false;
  rtc.breakPaths();
  await time.advance(forMs);
};

function bothOff({ you }: SceneWorld): void {
  you.app.devices.toggle('video');
  you.app.devices.toggle('audio');
}

async function reactBoth({ you, stranger, time }: SceneWorld): Promise<void> {
  (await stranger.app.reactions.load()).send('wave');
  const reactions = await you.app.reactions.load();
  reactions.send('heart');
  reactions.send('laugh');
  await time.quiet();
}

async function playBoth({ you, stranger, time }: SceneWorld, game: Game): Promise<void> {
  await stranger.app.reactions.load();
  const { cards } = await you.app.reactions.load();
  cards.play(game);
  await time.quiet();
}

/** A call in a browser that writes what the stranger says. */
async function captioned(world: SceneWorld): Promise<void> {
  installSpeech();
  await world.call({ preferences: { captions: true } });
  await world.talk();
}

export const callScenes = {
  async 'call-connecting'(world) {
    world.rtc.reachable = false;
    await world.connect();
    await world.time.advance(700);
  },
  async 'call-no-relay'(world) {
    world.withoutOperator();
    world.rtc.showsFrames = false;
    await world.connect();
    await broken(world, 17_000);
  },
  async 'call-covered'(world) {
    await world.connect();
    await world.time.advance(3_500);
  },
  call: call(() => {}),
  'call-reactions': call(reactBoth),
  async 'text-reactions'(world) {
    await world.textCall();
    await reactBoth(world);
  },
  'call-reaction-refused': call(async ({ you }) => {
    const reactions = await you.app.reactions.load();
    for (let sent = 0; sent <= REACTIONS_MAX; sent++) reactions.send('clap');
  }),
  'call-card': call((world) => playBoth(world, 'ice')),
  'call-card-truths': call((world) => playBoth(world, 'truths')),
  'call-card-draw': call(async (world) => {
    await playBoth(world, 'draw');
    await playBoth(world, 'draw');
  }),
  'call-card-tune': call((world) => playBoth(world, 'tune')),
  async 'text-card'(world) {
    await world.textCall();
    await playBoth(world, 'ice');
  },
  'call-card-wait': call(async (world) => {
    for (let played = 0; played < CARDS_MAX; played++) await playBoth(world, 'ice');
  }),
  'call-really': call(({ you }) => you.app.navigation.next()),
  'call-camera-off': call((world) => {
    bothOff(world);
    world.stranger.app.devices.toggle('video');
    world.stranger.app.devices.toggle('audio');
  }),
  'call-paused': call(({ stranger }) => stranger.devices.track('video').setMuted(true)),
  async 'call-away'(world) {
    await world.connect();
    world.you.app.call.show();
    await world.talkLong();
    await world.time.advance(2_000);
    await world.tell({ type: 'peer.presence', ...world.inCall, present: false });
  },
  'call-interrupted': call(async (world) => {
    world.you.devices.track('video').setMuted(true);
    await broken(world, 5_000);
  }),
  'call-restart-refused': call(async ({ you, time }) => {
    you.devices.track('video').setMuted(true);
    you.devices.failures = [deviceError('NotReadableError', 'Could not start video source')];
    void you.app.devices.restart();
    await time.quiet();
  }),
  'call-speaks-muted': call(({ you }) => {
    you.audioMeter.hears = Array.from({ length: 20 }, (_, n) => [1, 50 * n] as const);
    you.app.devices.toggle('audio');
  }),
  'call-microphone-interrupted': call(({ you }) => you.devices.track('audio').setMuted(true)),
  'call-text-only': call(({ you }) => you.app.call.textOnly.set(true)),
  'call-swapped': call(() => {
    isSwapped.value = true;
  }),
  'call-fair': path({ rttMs: 180, loss: 0.04, jitterMs: 18 }),
  'call-poor': path(POOR, 5_000),
  'call-sound-only': path(POOR, 12_000),
  'call-sound-only-corner': path(POOR, 12_000, { corner: 'bottom-start' }),
  'call-stuck': call((world) => broken(world, 17_000)),
  async 'call-device-replaced'(world) {
    await world.call({ microphone: 'm2' });
    world.you.devices.plugOut('m2');
    await world.time.quiet();
  },
  'call-device-offered': call(async ({ you, time }) => {
    you.devices.plugOut('m2');
    you.devices.plugOut('s2');
    await time.quiet();
    you.devices.plugIn(...HEADSET);
    await time.quiet();
  }),
  'call-direct': call(async ({ you, stranger, rtc, time }) => {
    you.app.call.consentDirect(true);
    stranger.app.call.consentDirect(true);
    rtc.finds = 'host';
    await time.advance(6_000);
  }),
  'call-too-long': call(({ you }) => you.app.chat.setDraft('A very long thought. '.repeat(52))),
  'call-caution': call(({ you }) => {
    you.app.chat.setDraft('call me: +33 1 99 00 12 34');
    you.app.chat.sendLine();
  }),
  async 'call-unread'(world) {
    await world.call();
    await world.talkLong();
    world.server.lines = 'accept';
    world.you.app.chat.setVisible(false);
    await world.says(world.stranger, 'And you, what do you like?');
    await world.says(world.stranger, 'I mean, beside soup.');
  },
  'call-blur-starting': (world) => world.call({ blur: 'starting' }),
  'call-blur-failed': (world) => world.call({ blur: 'failed' }),
  'call-captions': captioned,
  'call-offline': call((world) => world.cut(false)),
  'call-restoring': call((world) => world.restart()),
  'call-reconnecting': call((world) => world.cut(true)),
  'call-moving': call((world) => world.pass({ type: 'server.moving', deadlineMs: 30_000 })),
  async 'settings-call'(world) {
    installTranslator();
    installSpeech();
    await world.call({ preferences: { blursBackground: true }, choosesSpeaker: false });
    world.you.app.settings.open();
  },
  'small-window': { play: call(() => {}), draws: 'small-window' },
  'small-window-really': {
    play: call(({ you }) => you.app.navigation.next()),
    draws: 'small-window',
  },
  'loading-failed-sheet-call': { play: call(() => {}), draws: 'failed-sheet' },
} as const satisfies Scenes;

import { OWN_CHECK_MS } from '../fakes/world.ts';
import { installSpeech } from './built-in-speech.ts';
import type { Scenes, Script } from './scene.ts';
import type { SceneWorld } from './scene-world.ts';

const EVERY_WAY = ['video', 'voice', 'text'] as const;
const VOICE_ONLY = ['voice'] as const;

const HEARD = [[0.62, 0]] as const;

/** A voice call in which the two can also write. */
const beside = (then: (world: SceneWorld) => void | Promise<void> = () => {}) => ({
  modes: EVERY_WAY,
  play: (async (world) => {
    await world.voiceCall();
    await world.talk();
    await then(world);
    await world.time.quiet();
  }) satisfies Script,
});

/** Lets one user agree to the next mode, `checkMs` after the own camera or microphone opens. */
const agrees = (who: 'you' | 'stranger', checkMs: number) => async (world: SceneWorld) => {
  const { video } = world[who].app.call;
  video.value?.prepare();
  await world.time.advance(checkMs);
  video.value?.agree();
};

/** A text call in which one user has asked to talk. */
const asked = (who: 'you' | 'stranger') => ({
  modes: EVERY_WAY,
  play: (async (world) => {
    await world.textCall();
    await agrees(who, 100)(world);
    await world.time.quiet();
  }) satisfies Script,
});

/** A voice call on a server that offers nothing else. */
const alone = (then: (world: SceneWorld) => void | Promise<void> = () => {}) => ({
  modes: VOICE_ONLY,
  play: (async (world) => {
    await world.voiceCall();
    await then(world);
    await world.time.quiet();
  }) satisfies Script,
});

const room =
  (modes: (typeof EVERY_WAY)[number][]): Script =>
  async (world) => {
    world.offer(modes);
    await world.voiceRoom();
    world.you.audioMeter.hears = HEARD;
    await world.time.quiet();
  };

export const voiceScenes = {
  'landing-voice': { modes: EVERY_WAY, play: (world) => world.open() },
  'landing-voice-only': { modes: VOICE_ONLY, play: (world) => world.open() },
  'voice-room': { modes: EVERY_WAY, play: room([...EVERY_WAY]) },
  'voice-room-only': { modes: VOICE_ONLY, play: room([...VOICE_ONLY]) },
  'green-room-starts-from': { modes: EVERY_WAY, play: (world) => world.ready() },
  voice: beside(),
  'voice-heard': beside(({ you, stranger }) => {
    you.app.call.show();
    stranger.app.call.show();
  }),
  'voice-captions': {
    modes: EVERY_WAY,
    play: async (world) => {
      installSpeech();
      await world.voiceCall();
      world.you.app.settings.set({ captions: true });
      await world.talk();
      world.you.app.call.show();
      await world.time.quiet();
    },
  },
  'voice-video-theirs': beside(agrees('stranger', OWN_CHECK_MS)),
  'voice-video-waiting': beside(agrees('you', OWN_CHECK_MS)),
  'voice-report': beside(({ you }) => you.app.report.open()),
  'voice-lowered': beside(async (world) => {
    for (const { app } of [world.stranger, world.you]) {
      app.call.video.value?.prepare();
      await world.time.advance(OWN_CHECK_MS);
      app.call.video.value?.agree();
      await world.time.advance(1_000);
    }
    world.stranger.app.call.lower('voice');
    await world.time.advance(1_000);
  }),
  'text-voice-theirs': asked('stranger'),
  'text-voice-waiting': asked('you'),
  'voice-only': alone(),
  'voice-only-heard': alone(({ you }) => you.app.call.show()),
  'voice-only-report': alone(({ you }) => you.app.report.open()),
  'voice-only-ended': alone(async ({ stranger, time }) => {
    stranger.app.navigation.stop();
    await time.advance(50);
  }),
} as const satisfies Scenes;

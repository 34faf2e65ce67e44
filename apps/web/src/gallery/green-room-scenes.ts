import { EXPLICIT } from '../fakes/fake-classifier.ts';
import { deviceError } from '../fakes/fake-devices.ts';
import { BROWSERS } from './browsers.ts';
import { LAPTOP_DEVICES, OBS_CAMERA } from './laptop-devices.ts';
import type { Scenes, Script } from './scene.ts';
import type { SceneWorld } from './scene-world.ts';

/** What the microphone measures: pairs of a loudness and a time. */
type Heard = readonly (readonly [number, number])[];

const HEARD: Heard = [[0.62, 0]];
const DEVICE_ERRORS = {
  dismissed: deviceError('NotAllowedError', 'Permission dismissed'),
  blocked: deviceError('NotAllowedError'),
  'blocked-by-system': deviceError('NotAllowedError', 'Permission denied by system'),
  'not-found': deviceError('NotFoundError'),
  'in-use': deviceError('NotReadableError', 'Could not start video source'),
  'in-use-both': deviceError('NotReadableError'),
  failed: deviceError('UnknownError'),
} as const;

const ready =
  (heard: Heard = HEARD, more: Script = async () => {}): Script =>
  async (world) => {
    await world.ready();
    world.you.audioMeter.hears = heard;
    await more(world);
    await world.time.quiet();
  };

const failed =
  (
    kind: keyof typeof DEVICE_ERRORS,
    browser: keyof typeof BROWSERS = 'chromeWindows',
    denied: 'camera' | 'microphone' = 'camera',
  ): Script =>
  async (world) => {
    await world.greenRoom({ browser }, () => {
      const { devices } = world.you;
      devices.failures = [DEVICE_ERRORS[kind]];
      if (kind === 'blocked') {
        devices.permissions = { camera: 'granted', microphone: 'granted', [denied]: 'denied' };
      }
      if (kind === 'not-found') {
        devices.there = (devices.there ?? []).filter((device) => device.kind !== 'camera');
      }
    });
  };

/**
 * Creates a scene of the green room: runs `before`, then opens the devices. Unlike `ready`, it
 * doesn't wait until the user's own picture has passed the shield's check.
 */
const given =
  (before: (world: SceneWorld) => void, more: Script = async () => {}): Script =>
  async (world) => {
    await world.greenRoom({}, () => before(world));
    await world.time.advance(1_000);
    world.you.audioMeter.hears = HEARD;
    await more(world);
  };

/**
 * @param heard what the user answers when asked whether the sound was heard; if omitted, the user
 * doesn't answer
 */
const testSpeaker = async (
  { you, time }: SceneWorld,
  ends: 'played' | 'failed',
  heard?: boolean,
): Promise<void> => {
  const choice = you.app.devices.loaded?.choice;
  choice?.testSpeaker();
  you.audioMeter.end(ends === 'failed' ? new Error('it plays nowhere') : undefined);
  await time.quiet();
  if (heard !== undefined) choice?.answerSpeakerTest(heard);
};

export const greenRoomScenes = {
  'green-room': (world) => asking(world),
  'green-room-ready': ready(),
  'green-room-offline': ready(HEARD, (world) => world.cut(false)),
  async 'green-room-replaced'(world) {
    await world.greenRoom({ microphone: 'm2' });
    await world.time.advance(1_000);
    world.you.audioMeter.hears = HEARD;
    world.you.devices.plugOut('m2');
    await world.time.quiet();
  },
  async 'green-room-loading'(world) {
    await loading(world);
  },
  async 'green-room-loading-pressed'(world) {
    await loading(world);
    world.you.app.navigation.continueToQueue();
    await world.time.quiet();
  },
  'green-room-virtual': given(
    ({ you }) => {
      const { microphones, speakers } = LAPTOP_DEVICES;
      you.devices.there = [OBS_CAMERA, ...microphones, ...speakers];
    },
    (world) => testSpeaker(world, 'played', false),
  ),
  'green-room-dark': given(
    ({ you }) => {
      you.classifier.luma = 20;
    },
    (world) => testSpeaker(world, 'played', true),
  ),
  'green-room-explicit': given(({ you }) => {
    you.classifier.scores = EXPLICIT;
  }),
  'green-room-no-shield': given(({ you }) => {
    you.classifier.fault = 'unreachable';
  }),
  'green-room-quiet': ready(
    [
      [0.3, 0],
      [0.3, 6_000],
    ],
    async ({ you, rtc }) => {
      you.app.devices.loaded?.choice.testSpeaker();
      rtc.reachable = false;
      you.app.connectionCheck.again();
    },
  ),
  'green-room-silent': ready(
    [
      [0.05, 0],
      [0.05, 6_000],
    ],
    async (world) => {
      await testSpeaker(world, 'played');
      await blocked(world);
    },
  ),
  async 'green-room-direct'(world) {
    world.node.facts = { ...world.node.facts, relay: 'direct' };
    world.rtc.finds = 'srflx';
    await world.ready({ preferences: { startsWithCameraOff: true, startsMuted: true } });
    await testSpeaker(world, 'failed');
  },
  'green-room-stopped': ready(HEARD, async ({ you }) => {
    you.devices.track('video').setMuted(true);
  }),
  async 'green-room-sound-only'(world) {
    await world.greenRoom({}, () => {
      world.you.devices.failures = [DEVICE_ERRORS['not-found']];
    });
    void world.you.app.devices.ask({ camera: false, microphone: true });
    await world.time.advance(1_000);
    world.you.audioMeter.hears = HEARD;
  },
  async 'green-room-no-way'(world) {
    await asking(world);
    await blocked(world);
  },
  'green-room-blur-starting': (world) => world.ready({ blur: 'starting' }),
  'green-room-blur-failed': (world) => world.ready({ blur: 'failed' }),
  'green-room-save-data': (world) =>
    world.ready({ ports: { browser: { ...BROWSERS.chromeAndroid, savesData: true } } }),
  'green-room-in-app': (world) => asking(world, 'instagramIos'),
  'green-room-dismissed': failed('dismissed'),
  'green-room-blocked': failed('blocked'),
  'green-room-blocked-firefox': failed('blocked', 'firefoxLinux'),
  'green-room-blocked-android': failed('blocked', 'chromeAndroid'),
  'green-room-blocked-iphone': failed('blocked', 'safariIos'),
  'green-room-blocked-mac': failed('blocked', 'safariMacos'),
  'green-room-blocked-in-app': failed('blocked', 'tiktokAndroid'),
  'green-room-system': failed('blocked-by-system'),
  'green-room-system-mac': failed('blocked-by-system', 'safariMacos'),
  'green-room-system-iphone': failed('blocked-by-system', 'safariIos'),
  'green-room-none': failed('not-found'),
  'green-room-unheard': failed('blocked', 'chromeWindows', 'microphone'),
  'green-room-in-use': failed('in-use'),
  'green-room-in-use-both': failed('in-use-both', 'chromeAndroid'),
  'green-room-failed': failed('failed'),
  async 'green-room-unsupported'(world) {
    await world.greenRoom({}, () => {
      world.you.devices.support = 'unsupported';
    });
  },
} as const satisfies Scenes;

async function blocked({ you, rtc, time }: SceneWorld): Promise<void> {
  rtc.reachable = false;
  rtc.finds = 'host';
  you.app.connectionCheck.again();
  await time.advance(20_000);
}

/** The browser's prompt for the devices is open. */
async function asking(world: SceneWorld, browser?: keyof typeof BROWSERS): Promise<void> {
  await world.greenRoom(browser === undefined ? {} : { browser }, () => {
    world.you.devices.gate = new Promise(() => {});
  });
}

/** The devices are open while the shield still loads. */
async function loading(world: SceneWorld): Promise<void> {
  await world.greenRoom({}, () => {
    world.you.classifier.stallsAt = 0.62;
    world.you.audioMeter.hears = [[0.1, 0]];
  });
  await world.time.advance(1_000);
}

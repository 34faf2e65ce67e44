import type { DeviceFailure, DeviceFailureKind, DevicesView } from '../devices/devices-view.ts';
import type { KeptClassifier } from '../shield/classifier-keeper.ts';
import type { OwnCheckReport } from '../shield/own-check.ts';
import { BROWSERS } from './browsers.ts';
import { LAPTOP_DEVICES, OBS_CAMERA, REPLACED } from './laptop-devices.ts';
import type { SceneState } from './scene-state.ts';

/** The green room: before the browser's question, with what it gave, and with each way to fail. */
export function greenRoomScenes(
  landing: SceneState,
  { ready, none }: { readonly ready: DevicesView; readonly none: DevicesView },
) {
  const greenRoom = (
    devices: DevicesView,
    ownCheck: Partial<OwnCheckReport> = {},
    shieldLoad: KeptClassifier = { state: 'ready' },
  ): SceneState => ({
    ...landing,
    screen: 'green-room',
    devices,
    shieldLoad,
    ownCheck: { ...landing.ownCheck, ...ownCheck },
  });

  const failed = (
    kind: DeviceFailureKind,
    browser: keyof typeof BROWSERS = 'chromeWindows',
    device: DeviceFailure['device'] = 'camera',
  ): SceneState => ({
    ...greenRoom({ ...none, state: 'failed', failure: { kind, device } }),
    browser: BROWSERS[browser],
  });

  return {
    'green-room': greenRoom(none),
    'green-room-asking': greenRoom({ ...none, state: 'asking' }),
    'green-room-ready': greenRoom(ready, { state: 'clean' }),
    'green-room-offline': {
      ...greenRoom(ready, { state: 'clean' }),
      link: { state: 'offline', moving: false },
      connectionCheck: 'idle',
    },
    'green-room-replaced': { ...greenRoom(ready, { state: 'clean' }), deviceNews: REPLACED },
    'green-room-loading': {
      ...greenRoom(
        ready,
        { state: 'waiting', continuing: true },
        { state: 'loading', share: 0.62 },
      ),
      heard: [[0.1, 0]],
    },
    'green-room-virtual': {
      ...greenRoom(ready, { state: 'clean' }),
      deviceLists: { ...LAPTOP_DEVICES, cameras: [OBS_CAMERA], camera: OBS_CAMERA.id },
      speakerTest: 'unheard',
    },
    'green-room-dark': {
      ...greenRoom(ready, { state: 'clean', dark: true }),
      speakerTest: 'heard',
    },
    'green-room-explicit': greenRoom(ready, { state: 'explicit' }),
    'green-room-no-shield': greenRoom(
      ready,
      { state: 'unavailable' },
      { state: 'failed', fault: 'unreachable' },
    ),
    'green-room-quiet': {
      ...greenRoom(ready, { state: 'clean' }),
      heard: [
        [0.3, 0],
        [0.3, 6_000],
      ],
      speakerTest: 'playing',
      connectionCheck: 'checking',
    },
    'green-room-silent': {
      ...greenRoom(ready, { state: 'clean' }),
      heard: [
        [0.05, 0],
        [0.05, 6_000],
      ],
      speakerTest: 'played',
      connectionCheck: 'blocked',
    },
    'green-room-direct': {
      ...greenRoom({ ...ready, camera: 'off', microphone: 'off' }, { state: 'none' }),
      speakerTest: 'failed',
      connectionCheck: 'direct',
    },
    'green-room-stopped': greenRoom({ ...ready, camera: 'interrupted' }, { state: 'waiting' }),
    'green-room-sound-only': greenRoom({ ...ready, camera: 'absent' }),
    'green-room-no-way': { ...greenRoom(none), connectionCheck: 'blocked' },
    'green-room-in-app': { ...greenRoom(none), browser: BROWSERS.instagramIos },
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
    'green-room-in-use-both': failed('in-use', 'chromeAndroid', 'both'),
    'green-room-failed': failed('failed'),
    'green-room-unsupported': failed('unsupported'),
  } as const satisfies Record<string, SceneState>;
}

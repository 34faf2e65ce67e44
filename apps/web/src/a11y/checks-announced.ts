import { isVirtualCamera } from '../devices/virtual-camera.ts';
import type { WordKey } from '../i18n/words.ts';
import type { Announced, Scene } from './narrator.ts';

type Row = 'camera' | 'microphone' | 'speaker' | 'connection' | 'shield';

const NAMES: Readonly<Record<Row, WordKey>> = {
  camera: 'greenRoom.camera',
  microphone: 'greenRoom.microphone',
  speaker: 'greenRoom.speaker',
  connection: 'greenRoom.connection',
  shield: 'shield.name',
};

/**
 * Announces each device or connection check whose result changed. Doesn't announce that a check
 * started, nor a result that changed because the user turned a device on or off.
 */
export function ofChecks(before: Scene, scene: Scene): Announced[] {
  const was = wordsOf(before);
  const is = wordsOf(scene);
  // If the list of checks has just appeared, nothing is announced, because the screen reader reads
  // the list itself.
  if (was === null || is === null) return [];
  return (Object.keys(NAMES) as Row[]).flatMap((row): Announced[] => {
    const key = is[row];
    if (key === null || key === was[row]) return [];
    return [{ urgency: 'polite', subject: `check-${row}`, key, row: NAMES[row] }];
  });
}

/**
 * Returns the announced result of each check, or null if the screen shows no checks. The settings
 * screen shows only the checks that the user starts.
 */
function wordsOf(scene: Scene): Readonly<Record<Row, WordKey | null>> | null {
  if (scene.devices.state !== 'ready') return null;
  const tried = { microphone: microphoneOf(scene), speaker: speakerOf(scene) };
  return scene.screen === 'green-room'
    ? { ...tried, camera: cameraOf(scene), connection: wayOf(scene), shield: shieldOf(scene) }
    : { ...tried, camera: null, connection: null, shield: null };
}

function microphoneOf({ devices, voice }: Scene): WordKey | null {
  return devices.microphone === 'on' && voice !== 'listening' ? `greenRoom.heard.${voice}` : null;
}

function speakerOf({ speakerTest: test }: Scene): WordKey | null {
  return test === 'untried' || test === 'playing' ? null : `greenRoom.speakerTest.${test}`;
}

function cameraOf({ devices, deviceLists: { cameras, camera: used } }: Scene): WordKey | null {
  const label = cameras.find(({ id }) => id === used)?.label ?? '';
  return devices.camera === 'on' && isVirtualCamera(label) ? 'greenRoom.virtual' : null;
}

function wayOf({ connectionCheck: way }: Scene): WordKey | null {
  return way === 'idle' || way === 'checking' ? null : `greenRoom.way.${way}`;
}

function shieldOf({ shieldLoad, ownCheck }: Scene): WordKey | null {
  const state = shieldLoad.state === 'failed' ? 'unavailable' : ownCheck.state;
  const isUnderWay = state === 'waiting' || state === 'checking' || state === 'none';
  return isUnderWay ? null : `shield.own.${state}`;
}

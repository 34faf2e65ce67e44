import type { ListedDevice } from '../devices/device-access.ts';

export const LAPTOP_DEVICES = {
  cameras: [
    { kind: 'camera', id: 'c1', label: 'FaceTime HD Camera', group: 'laptop' },
    { kind: 'camera', id: 'c2', label: 'USB Webcam C920', group: 'usb' },
  ],
  microphones: [
    { kind: 'microphone', id: 'm1', label: 'MacBook Pro Microphone', group: 'laptop' },
    { kind: 'microphone', id: 'm2', label: 'AirPods', group: 'airpods' },
  ],
  speakers: [
    { kind: 'speaker', id: 's1', label: 'MacBook Pro Speakers', group: 'laptop' },
    { kind: 'speaker', id: 's2', label: 'AirPods', group: 'airpods' },
  ],
} as const satisfies Record<string, readonly ListedDevice[]>;

export const HEADSET: readonly ListedDevice[] = [
  LAPTOP_DEVICES.microphones[1],
  LAPTOP_DEVICES.speakers[1],
];

export const OBS_CAMERA: ListedDevice = {
  kind: 'camera',
  id: 'c3',
  label: 'OBS Virtual Camera',
  group: 'obs',
};

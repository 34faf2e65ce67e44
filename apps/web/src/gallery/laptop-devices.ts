import type { ListedDevice } from '../devices/device-access.ts';
import type { DeviceListsView, DeviceNews } from '../devices/device-choice.ts';

/** As a laptop with a headset lists them. */
export const LAPTOP_DEVICES: DeviceListsView = {
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
  camera: 'c1',
  microphone: 'm1',
  speaker: null,
  canSwitchCamera: true,
  blurred: true,
};

/** One that is a program. */
export const OBS_CAMERA: ListedDevice = {
  kind: 'camera',
  id: 'c3',
  label: 'OBS Virtual Camera',
  group: 'obs',
};

/** The headset went: the laptop's own hears from now on. */
export const REPLACED: DeviceNews = {
  news: 'replaced',
  device: 'microphone',
  label: 'MacBook Pro Microphone',
};

/** And it is back, as a microphone and a speaker. */
export const OFFERED: DeviceNews = {
  news: 'offered',
  label: 'AirPods',
  devices: [
    { kind: 'microphone', id: 'm2', label: 'AirPods', group: 'airpods' },
    { kind: 'speaker', id: 's2', label: 'AirPods', group: 'airpods' },
  ],
};

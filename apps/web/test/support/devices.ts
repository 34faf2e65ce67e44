import { type Signal, signal } from '@preact/signals';
import type { DevicePreferences } from '../../src/devices/devices-view.ts';
import { DevicesModel } from '../../src/devices/media-devices.ts';
import { FakeAudioMeter } from '../../src/fakes/fake-audio-meter.ts';
import { FakeDevices } from '../../src/fakes/fake-devices.ts';
import { FakeEffects } from '../../src/fakes/fake-effects.ts';

export interface OwnDevices {
  readonly devices: FakeDevices;
  readonly own: DevicesModel;
  readonly audioMeter: FakeAudioMeter;
  readonly effects: FakeEffects;
  readonly store: Map<string, string>;
  readonly preferences: Signal<DevicePreferences>;
  readonly hidden: Signal<boolean>;
  /** Number of changes that the model has reported. */
  readonly changes: () => number;
}

/** The camera and microphone of a user, before the page requests permission. */
export function ownDevices({
  store = new Map<string, string>(),
  off = false,
}: {
  readonly store?: Map<string, string>;
  readonly off?: boolean;
} = {}): OwnDevices {
  const devices = new FakeDevices();
  const audioMeter = new FakeAudioMeter();
  const effects = new FakeEffects();
  const hidden = signal(false);
  let changes = 0;
  const preferences = signal<DevicePreferences>({
    mirrored: true,
    blursBackground: false,
    suppressesNoise: true,
    startsWithCameraOff: off,
    startsMuted: off,
  });
  const own = new DevicesModel({
    access: devices,
    audioMeter,
    effects,
    store: {
      read: (key) => store.get(key) ?? null,
      write: (key, value) => store.set(key, value),
      remove: (key) => store.delete(key),
    },
    preferences,
    hidden,
    changed: () => {
      changes += 1;
    },
  });
  return { devices, own, audioMeter, effects, store, preferences, hidden, changes: () => changes };
}

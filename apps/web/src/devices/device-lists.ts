import { type ReadonlySignal, signal } from '@preact/signals';
import type { DeviceAccess, ListedDevice } from './device-access.ts';
import type { DeviceListsView } from './device-choice.ts';
import type { EffectState } from './local-device.ts';

/** Chromium lists the default device for communication a second time under this id. */
const TWICE = 'communications';

export function devicesOf(
  listed: readonly ListedDevice[],
  kind: ListedDevice['kind'],
): readonly ListedDevice[] {
  return listed.filter((device) => device.kind === kind && device.id !== TWICE);
}

export class DeviceLists {
  readonly #access: DeviceAccess;
  readonly #listed = signal<readonly ListedDevice[]>([]);
  #known = false;

  constructor(access: DeviceAccess) {
    this.#access = access;
  }

  get listed(): ReadonlySignal<readonly ListedDevice[]> {
    return this.#listed;
  }

  /** Whether a device is connected, or `null` if the browser doesn't reveal it. */
  has(kind: ListedDevice['kind'], id: string | null): boolean | null {
    if (!this.#known || id === null) return null;
    return this.#listed.peek().some((device) => device.kind === kind && device.id === id);
  }

  /**
   * Reads the list of devices again.
   * @returns the devices that were added; empty if the browser revealed no ids before
   */
  async refresh(): Promise<readonly ListedDevice[]> {
    const before = this.#listed.peek();
    const listed = await this.#access.list();
    this.#known = listed !== null;
    if (listed === null) return [];
    this.#listed.value = listed;
    // Before the site has permission, devices have no ids, so every device would seem new.
    if (!before.some(({ id }) => id !== '')) return [];
    return listed.filter(
      ({ kind, id }) => !before.some((device) => device.kind === kind && device.id === id),
    );
  }
}

export interface InUse {
  readonly camera: string | null;
  readonly microphone: string | null;
  readonly speaker: string | null;
  readonly choosesSpeaker: boolean;
  readonly blur: EffectState | null;
  readonly strongNoise: EffectState | null;
}

/** Returns the devices from which the user can choose. A device without an id is left out. */
export function deviceListsViewOf(listed: readonly ListedDevice[], inUse: InUse): DeviceListsView {
  const known = listed.filter(({ id }) => id !== '');
  const cameras = devicesOf(known, 'camera');
  const speakers = devicesOf(known, 'speaker');
  const { camera, microphone, speaker, choosesSpeaker, blur, strongNoise } = inUse;
  return {
    cameras,
    microphones: devicesOf(known, 'microphone'),
    speakers: choosesSpeaker ? speakers : null,
    camera,
    microphone,
    // If the chosen speaker isn't connected, the system default plays.
    speaker: speakers.some(({ id }) => id === speaker) ? speaker : null,
    canSwitchCamera: camera !== null && cameras.length > 1,
    blur,
    strongNoise,
  };
}

/** Returns the id of the device that follows in the list, or null if there is no other device. */
export function nextDevice(devices: readonly ListedDevice[], id: string | null): string | null {
  const at = devices.findIndex((device) => device.id === id);
  const next = devices[(at + 1) % devices.length];
  return next === undefined || next.id === id ? null : next.id;
}

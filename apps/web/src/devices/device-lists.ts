import { type ReadonlySignal, signal } from '@preact/signals';
import type { DeviceAccess, ListedDevice } from './device-access.ts';
import type { DeviceListsView } from './device-choice.ts';

/** Chromium's second name for a device that is listed already. */
const TWICE = 'communications';

/** Of one kind, as a person may choose among them. */
export function devicesOf(
  listed: readonly ListedDevice[],
  kind: ListedDevice['kind'],
): readonly ListedDevice[] {
  return listed.filter((device) => device.kind === kind && device.id !== TWICE);
}

/** The devices that there are, and what came since somebody last looked. */
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

  /** Null where the browser does not say. */
  has(kind: ListedDevice['kind'], id: string | null): boolean | null {
    if (!this.#known || id === null) return null;
    return this.#listed.peek().some((device) => device.kind === kind && device.id === id);
  }

  /** Looks again. @returns what is new, if there were names to tell before. */
  async refresh(): Promise<readonly ListedDevice[]> {
    const before = this.#listed.peek();
    const listed = await this.#access.list();
    this.#known = listed !== null;
    if (listed === null) return [];
    this.#listed.value = listed;
    // Before the site may use a device there are no ids: everything would be new.
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
  readonly blurred: boolean | null;
}

/** What a person may choose from. Without ids nothing can be chosen. */
export function deviceListsViewOf(listed: readonly ListedDevice[], inUse: InUse): DeviceListsView {
  const known = listed.filter(({ id }) => id !== '');
  const cameras = devicesOf(known, 'camera');
  const speakers = devicesOf(known, 'speaker');
  const { camera, microphone, speaker, choosesSpeaker, blurred } = inUse;
  return {
    cameras,
    microphones: devicesOf(known, 'microphone'),
    speakers: choosesSpeaker ? speakers : null,
    camera,
    microphone,
    // One that is not there plays nothing: the system's own does.
    speaker: speakers.some(({ id }) => id === speaker) ? speaker : null,
    canSwitchCamera: camera !== null && cameras.length > 1,
    blurred,
  };
}

/** The one behind it in its list, or null where it is the only one. */
export function nextDevice(devices: readonly ListedDevice[], id: string | null): string | null {
  const at = devices.findIndex((device) => device.id === id);
  const next = devices[(at + 1) % devices.length];
  return next === undefined || next.id === id ? null : next.id;
}

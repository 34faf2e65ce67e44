import type { KeyValueStore } from '../base/ports.ts';
import type { ListedDevice } from './device-access.ts';
import type { WhichDevices } from './device-opener.ts';

/** The ids of the devices that a person chose; null: whichever the browser takes. */
export type ChosenDevices = Readonly<Record<ListedDevice['kind'], string | null>>;

const KEY = 'farandole.devices';
const NONE: ChosenDevices = { camera: null, microphone: null, speaker: null };

/**
 * Which devices were chosen, kept on this device where that is allowed. A browser makes ids up for
 * each site, so that they say nothing elsewhere.
 */
export class DeviceMemory {
  readonly #store: KeyValueStore;
  #chosen: ChosenDevices;

  constructor(store: KeyValueStore) {
    this.#store = store;
    this.#chosen = read(store);
  }

  get chosen(): ChosenDevices {
    return this.#chosen;
  }

  /** To ask for those that were chosen; one that is gone gives way to any other. */
  get which(): WhichDevices {
    const { camera, microphone } = this.#chosen;
    return {
      ...(camera === null ? {} : { video: { deviceId: { ideal: camera } } }),
      ...(microphone === null ? {} : { audio: { deviceId: { ideal: microphone } } }),
    };
  }

  choose(kind: ListedDevice['kind'], id: string): void {
    this.#chosen = { ...this.#chosen, [kind]: id };
    try {
      this.#store.write(KEY, JSON.stringify(this.#chosen));
    } catch {
      // Storage is forbidden here: it holds until the page is closed.
    }
  }

  forget(): void {
    this.#chosen = NONE;
    try {
      this.#store.remove(KEY);
    } catch {
      // Where storage is forbidden nothing was kept.
    }
  }
}

/** Reads what an older page, or a curious person, may have left. */
function read(store: KeyValueStore): ChosenDevices {
  try {
    const value: unknown = JSON.parse(store.read(KEY) ?? '{}');
    if (typeof value !== 'object' || value === null) return NONE;
    const stored = value as Record<keyof ChosenDevices, unknown>;
    const id = (kind: keyof ChosenDevices): string | null => {
      const found = stored[kind];
      return typeof found === 'string' ? found : null;
    };
    return { camera: id('camera'), microphone: id('microphone'), speaker: id('speaker') };
  } catch {
    return NONE;
  }
}

import type { KeyValueStore } from '../base/ports.ts';
import type { ListedDevice } from './device-access.ts';
import type { WhichDevices } from './device-opener.ts';

/** Ids of the devices that the user chose. `null` stands for the browser's default. */
export type ChosenDevices = Readonly<Record<ListedDevice['kind'], string | null>>;

const KEY = 'farandole.devices';
const NONE: ChosenDevices = { camera: null, microphone: null, speaker: null };

/**
 * Stores the ids of the chosen devices in this browser. Browsers create ids per site, so other
 * sites can't recognise the user by them.
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

  /**
   * Constraints that prefer the chosen devices. If one isn't connected, the browser opens another.
   */
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
      // The browser forbids storage, so the choice is lost when the page is reloaded.
    }
  }

  forget(): void {
    this.#chosen = NONE;
    try {
      this.#store.remove(KEY);
    } catch {
      // The browser forbids storage, so no choice was stored.
    }
  }
}

/**
 * Reads the stored choice of devices. Each field is checked, because an older version of the page
 * may have written it or the user may have edited it.
 */
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

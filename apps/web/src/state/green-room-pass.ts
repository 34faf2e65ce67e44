import type { ReadonlySignal } from '@preact/signals';
import type { Devices } from '../devices/devices.ts';
import { relaysFirst, type ServerView } from '../signal/link-view.ts';
import type { Preferences, PreferencesModel } from './preferences-model.ts';

/**
 * What a peer can learn about the user's network address. With `relay` the address stays hidden
 * unless the user allows a direct connection during the call.
 */
export type Exposure = 'relay' | 'direct';

export interface GreenRoomPassPorts {
  readonly preferences: PreferencesModel;
  readonly server: ReadonlySignal<ServerView | null>;
  readonly devices: Pick<Devices, 'isAllowed'>;
}

/** Whether a user who was in the green room before may start a search without it. */
export class GreenRoomPass {
  readonly #ports: GreenRoomPassPorts;
  /** Whether the user passed the green room since this page loaded. */
  #isFromHere = false;

  constructor(ports: GreenRoomPassPorts) {
    this.#ports = ports;
  }

  /** Whether the user passed the green room and read its current line on address exposure. */
  get isCurrent(): boolean {
    const { greenRoomPassed, exposureRead } = this.#ports.preferences.value.value;
    const exposure = this.#exposure;
    // The line for `direct` also covers `relay`.
    const hasRead = exposure === null || exposureRead === 'direct' || exposureRead === exposure;
    return greenRoomPassed && hasRead;
  }

  /** Whether a search may start without another press, as far as the browser reveals that. */
  mayStart(): Promise<boolean> {
    return this.#isFromHere ? Promise.resolve(true) : this.#ports.devices.isAllowed();
  }

  /** Records that the user read the green room and pressed its button. */
  take(): void {
    const { preferences } = this.#ports;
    const { exposureRead } = preferences.value.value;
    const exposure = this.#exposure;
    const adds = exposure !== null && exposureRead !== 'direct';
    preferences.set({ greenRoomPassed: true, exposureRead: adds ? exposure : exposureRead });
    this.#isFromHere = true;
  }

  get #exposure(): Exposure | null {
    return exposureOf(this.#ports.server.value, this.#ports.preferences.value.value);
  }
}

/**
 * Returns what a stranger learns of the user's address in the next call. Null until the server's
 * answer is known.
 */
export function exposureOf(
  server: ServerView | null,
  { relayOnly }: Pick<Preferences, 'relayOnly'>,
): Exposure | null {
  if (relayOnly || relaysFirst(server)) return 'relay';
  return server === null ? null : 'direct';
}

/** Time in ms for opening the devices after which the green room appears. */
export const ASKING_SHOWS_AFTER_MS = 400;

import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { lazyModel } from '../base/lazy-model.ts';
import type { LocalTracks } from '../call/rtc-handler.ts';
import type { DeviceAccess } from './device-access.ts';
import type { DeviceChange, DeviceListsView, SpeakerTest } from './device-choice.ts';
import { type DevicesView, type DevicesWanted, NO_DEVICES } from './devices-view.ts';
import type { Kind } from './local-device.ts';
import type { DevicesModel, DevicesPorts } from './media-devices.ts';

/** The ports that other parts of the page provide. */
type OwnPorts = Omit<DevicesPorts, 'audioMeter' | 'effects'>;

export type OpenDevices = (ports: OwnPorts) => Promise<DevicesModel>;

const NO_LISTS: DeviceListsView = {
  cameras: [],
  microphones: [],
  speakers: null,
  camera: null,
  microphone: null,
  speaker: null,
  canSwitchCamera: false,
  blur: null,
  strongNoise: null,
};
const NO_TRACKS: LocalTracks = { audio: null, video: null };

/**
 * The user's camera and microphone. The code that opens them is loaded when needed; until then no
 * device is available.
 */
export class Devices {
  /** Whether the browser has WebRTC and gives access to the camera. */
  readonly supported: boolean;
  readonly view: ReadonlySignal<DevicesView>;
  readonly selfStream: ReadonlySignal<MediaStream | null>;
  readonly lists: ReadonlySignal<DeviceListsView>;
  readonly news: ReadonlySignal<DeviceChange | null>;
  readonly sound: ReadonlySignal<MediaStream | null>;
  readonly mirrored: ReadonlySignal<boolean>;
  readonly speakerTest: ReadonlySignal<SpeakerTest>;
  readonly #access: DeviceAccess;
  readonly #lazy;
  readonly #early = signal(NO_DEVICES);
  #sending = true;
  /** Incremented to cancel a running request for devices. */
  #generation = 0;

  constructor(open: OpenDevices, ports: OwnPorts) {
    const lazy = lazyModel(
      () => open(ports),
      (model) => model.setSending(this.#sending),
    );
    this.#lazy = lazy;
    this.#access = ports.access;
    this.supported = ports.access.support === 'yes';
    this.view = computed(() => lazy.model.value?.view.value ?? this.#early.value);
    this.selfStream = lazy.select((model) => model.selfStream, null);
    this.lists = lazy.select((model) => model.choice.lists, NO_LISTS);
    this.news = lazy.select((model) => model.choice.news, null);
    this.sound = lazy.select((model) => model.choice.sound, null);
    this.mirrored = lazy.select((model) => model.choice.mirrored, true);
    this.speakerTest = lazy.select((model) => model.choice.speakerTest, 'untried');
  }

  get loaded(): DevicesModel | null {
    return this.#lazy.model.peek();
  }

  get tracks(): LocalTracks {
    return this.loaded?.tracks ?? NO_TRACKS;
  }

  prepare(): void {
    this.#lazy.prepare();
  }

  /**
   * Requests camera and microphone, as `DevicesModel.ask` does. Must be called in a user gesture.
   */
  async ask(wanted?: DevicesWanted): Promise<boolean> {
    this.#generation += 1;
    const generation = this.#generation;
    this.#early.value = { ...NO_DEVICES, state: 'asking' };
    try {
      const model = this.loaded ?? (await this.#lazy.load());
      return generation === this.#generation && (await model.ask(wanted));
    } catch {
      const failure = { kind: 'failed', device: 'both' } as const;
      if (generation === this.#generation)
        this.#early.value = { ...NO_DEVICES, state: 'failed', failure };
      return false;
    }
  }

  /** Whether the browser opens both devices without a prompt, as far as it reveals that. */
  async isAllowed(): Promise<boolean> {
    const states = await Promise.all([
      this.#access.permission('camera'),
      this.#access.permission('microphone'),
    ]);
    return !states.includes('prompt');
  }

  async restart(): Promise<boolean> {
    return (await this.loaded?.restart()) === true;
  }

  release(keepsSwitches = false): void {
    this.#generation += 1;
    this.#early.value = NO_DEVICES;
    this.loaded?.release(keepsSwitches);
  }

  /** Closes one device. The other stays open. */
  close(kind: Kind): void {
    this.loaded?.close(kind);
  }

  toggle(kind: Kind): void {
    this.loaded?.toggle(kind);
  }

  setSending(sending: boolean): void {
    this.#sending = sending;
    this.loaded?.setSending(sending);
  }

  /** Forgets which devices the user chose. Open devices stay open. */
  forgetChoices(): void {
    this.#lazy.use((model) => model.forgetChoices());
  }
}

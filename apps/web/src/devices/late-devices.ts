import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { LocalTracks } from '../call/rtc-handler.ts';
import type { DevicesView, DevicesWanted } from '../state/app-model.ts';
import type { DeviceChoice, DeviceListsView } from './device-choice.ts';
import type { Kind } from './local-device.ts';
import type { DevicesModel, DevicesPorts } from './media-devices.ts';

/** Fetches the code of the devices, and has it begin. */
export type OpenDevices = (ports: Omit<DevicesPorts, 'senses'>) => Promise<DevicesModel>;

const NONE: DevicesView = {
  state: 'not-asked',
  failure: null,
  camera: 'absent',
  microphone: 'absent',
};
const NO_LISTS: DeviceListsView = {
  cameras: [],
  microphones: [],
  speakers: null,
  camera: null,
  microphone: null,
  speaker: null,
  canSwitchCamera: false,
  blurred: null,
};
const NO_TRACKS: LocalTracks = { audio: null, video: null };

/** Stands in for the devices until their code is here, which no landing page should wait for. */
export class LateDevices {
  readonly view: ReadonlySignal<DevicesView>;
  readonly selfStream: ReadonlySignal<MediaStream | null>;
  readonly choice: DeviceChoice;
  readonly #open: () => Promise<DevicesModel>;
  readonly #model = signal<DevicesModel | null>(null);
  /** What is shown while there is no model. */
  readonly #early = signal(NONE);
  #fetching: Promise<DevicesModel> | null = null;
  #sending = true;
  /** Grows when what is being asked for is not wanted any more. */
  #generation = 0;

  constructor(open: OpenDevices, ports: Omit<DevicesPorts, 'senses'>) {
    this.#open = () => open(ports);
    const model = this.#model;
    const now = (): DeviceChoice | undefined => model.peek()?.choice;
    this.view = computed(() => model.value?.view.value ?? this.#early.value);
    this.selfStream = computed(() => model.value?.selfStream.value ?? null);
    this.choice = {
      lists: computed(() => model.value?.choice.lists.value ?? NO_LISTS),
      news: computed(() => model.value?.choice.news.value ?? null),
      sound: computed(() => model.value?.choice.sound.value ?? null),
      mirrored: computed(() => model.value?.choice.mirrored.value ?? true),
      speakerTest: computed(() => model.value?.choice.speakerTest.value ?? 'untried'),
      hear: (told) => now()?.hear(told) ?? (() => {}),
      hearMuted: (told) => now()?.hearMuted(told) ?? (() => {}),
      testSpeaker: () => now()?.testSpeaker(),
      answerSpeakerTest: (heard) => now()?.answerSpeakerTest(heard),
      choose: (kind, id) => now()?.choose(kind, id),
      switchCamera: () => now()?.switchCamera(),
      takeOffer: () => now()?.takeOffer(),
      dismissNews: () => now()?.dismissNews(),
    };
  }

  /** What a call sends. */
  get tracks(): LocalTracks {
    return this.#model.peek()?.tracks ?? NO_TRACKS;
  }

  /** Fetches the code now, so that it is here when it is wanted. */
  prepare(): void {
    this.#fetch().catch(() => {});
  }

  /** As `DevicesModel.ask`. */
  async ask(wanted?: DevicesWanted): Promise<boolean> {
    this.#generation += 1;
    const generation = this.#generation;
    this.#early.value = { ...NONE, state: 'asking' };
    try {
      const model = this.#model.peek() ?? (await this.#fetch());
      return generation === this.#generation && (await model.ask(wanted));
    } catch {
      const failure = { kind: 'failed', device: 'both' } as const;
      if (generation === this.#generation)
        this.#early.value = { ...NONE, state: 'failed', failure };
      return false;
    }
  }

  async restart(): Promise<boolean> {
    return (await this.#model.peek()?.restart()) === true;
  }

  /** As `DevicesModel.release`. */
  release(keepsSwitches = false): void {
    this.#generation += 1;
    this.#early.value = NONE;
    this.#model.peek()?.release(keepsSwitches);
  }

  toggle(kind: Kind): void {
    this.#model.peek()?.toggle(kind);
  }

  setOn(kind: Kind, on: boolean): void {
    this.#model.peek()?.setOn(kind, on);
  }

  setSending(sending: boolean): void {
    this.#sending = sending;
    this.#model.peek()?.setSending(sending);
  }

  /** Which devices were chosen is forgotten; those in use stay. */
  forgetChoices(): void {
    this.#fetch().then(
      (model) => model.forgetChoices(),
      () => {},
    );
  }

  async #fetch(): Promise<DevicesModel> {
    this.#fetching ??= this.#open();
    try {
      const model = await this.#fetching;
      if (this.#model.peek() === null) model.setSending(this.#sending);
      this.#model.value = model;
      return model;
    } catch (error) {
      // Without a network it did not come; the next one who wants it asks again.
      this.#fetching = null;
      throw error;
    }
  }
}

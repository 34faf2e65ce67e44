import { computed, effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
import type { AudioMeter, LoudnessListener } from './audio-meter.ts';
import type { DeviceAccess, ListedDevice } from './device-access.ts';
import type { DeviceChange, DeviceChoice, DeviceListsView, SpeakerTest } from './device-choice.ts';
import { DeviceLists, deviceListsViewOf, devicesOf, nextDevice } from './device-lists.ts';
import type { DeviceMemory } from './device-memory.ts';
import type { DeviceFailure } from './devices-view.ts';
import type { Kind, LocalDevice } from './local-device.ts';
import type { LocalDevices } from './local-devices.ts';

export interface DeviceManagerPorts {
  readonly access: DeviceAccess;
  readonly audioMeter: AudioMeter;
  readonly memory: DeviceMemory;
  readonly local: LocalDevices;
  /** Reads a signal, like the next two. */
  readonly mirrored: () => boolean;
  readonly blurs: () => boolean;
  readonly suppresses: () => boolean;
  readonly hidden: ReadonlySignal<boolean>;
  /** Replaces the open device. @returns false also if it is no longer wanted */
  readonly reopen: (kind: Kind, which: MediaTrackConstraints) => Promise<boolean>;
  /** The devices' state changed. `failure` is shown; undefined leaves it unchanged. */
  readonly changed: (failure?: DeviceFailure | null) => void;
  readonly failure: () => DeviceFailure | null;
}

const NAMES = { video: 'camera', audio: 'microphone' } as const;
const KIND_OF = { camera: 'video', microphone: 'audio' } as const;

/** Handles choice, plugging, unplugging and interruptions of open devices. */
export class DeviceManager implements DeviceChoice {
  readonly lists: ReadonlySignal<DeviceListsView>;
  readonly sound: ReadonlySignal<MediaStream | null>;
  readonly mirrored: ReadonlySignal<boolean>;
  readonly #ports: DeviceManagerPorts;
  readonly #lists: DeviceLists;
  readonly #news = signal<DeviceChange | null>(null);
  readonly #speakerTest = signal<SpeakerTest>('untried');
  /** Incremented with each request to blur, since tracks emit no event for it. */
  readonly #blurTurn = signal(0);
  /** Incremented when another speaker is chosen. */
  #speakerTurn = 0;
  readonly #speaker: ReturnType<typeof signal<string | null>>;
  #stops: readonly (() => void)[] = [];

  constructor(ports: DeviceManagerPorts) {
    const { access, memory, local } = ports;
    this.#ports = ports;
    this.#lists = new DeviceLists(access);
    this.#speaker = signal(memory.chosen.speaker);
    this.lists = computed(() => {
      const inUse = local.all.value;
      void this.#blurTurn.value;
      return deviceListsViewOf(this.#lists.listed.value, {
        camera: inUse.get('video')?.id ?? null,
        microphone: inUse.get('audio')?.id ?? null,
        speaker: this.#speaker.value ?? null,
        choosesSpeaker: access.choosesSpeaker,
        blurred: inUse.get('video')?.blurred ?? null,
      });
    });
    this.sound = local.streamOf('audio');
    this.mirrored = computed(
      () => ports.mirrored() && local.all.value.get('video')?.facing !== 'environment',
    );
  }

  get news(): ReadonlySignal<DeviceChange | null> {
    return this.#news;
  }

  get speakerTest(): ReadonlySignal<SpeakerTest> {
    return this.#speakerTest;
  }

  /** New tracks are open. After the first ones a browser reveals device names. */
  taken(): void {
    const { access, hidden } = this.#ports;
    if (this.#stops.length === 0) {
      this.#stops = [
        access.onDevicesChange(() => void this.#plugged()),
        // The page is visible again, so a device that another program took may be free.
        effect(() => {
          if (!hidden.value) this.#freshenAll();
        }),
        effect(() => {
          const on = this.#ports.blurs();
          const camera = this.#ports.local.all.value.get('video');
          if (camera !== undefined) void this.#blur(camera, on);
        }),
        this.#followNoise(),
      ];
    }
    void this.#lists.refresh();
  }

  stop(): void {
    for (const stop of this.#stops) stop();
    this.#stops = [];
    this.#news.value = null;
    this.#forgetSpeakerTest();
  }

  choose(device: ListedDevice['kind'], id: string): void {
    this.#ports.memory.choose(device, id);
    if (device === 'speaker') {
      this.#speaker.value = id;
      // The earlier result was for another speaker.
      this.#forgetSpeakerTest();
    } else void this.#replace(KIND_OF[device], { deviceId: { exact: id } });
  }

  hear(told: LoudnessListener): () => void {
    return this.#follow((sound) => this.#ports.audioMeter.measure(sound, told));
  }

  hearMuted(told: LoudnessListener): () => void {
    return this.#follow((sound) => {
      // A muted track is silent to the page too, so this measures a clone, stopped afterwards.
      const twin = sound.clone();
      for (const track of twin.getTracks()) track.enabled = true;
      const stop = this.#ports.audioMeter.measure(twin, told);
      return () => {
        stop();
        for (const track of twin.getTracks()) track.stop();
      };
    });
  }

  /** Restarts whenever the microphone changes. */
  #follow(begin: (sound: MediaStream) => () => void): () => void {
    let stop = (): void => {};
    const unfollow = effect(() => {
      const sound = this.sound.value;
      stop();
      stop = sound === null ? () => {} : begin(sound);
    });
    return () => {
      unfollow();
      stop();
    };
  }

  testSpeaker(): void {
    if (this.#speakerTest.peek() === 'playing') return;
    this.#speakerTest.value = 'playing';
    this.#speakerTurn += 1;
    const turn = this.#speakerTurn;
    const { speaker } = this.lists.peek();
    const end = (as: SpeakerTest) => (): void => {
      if (turn === this.#speakerTurn) this.#speakerTest.value = as;
    };
    this.#ports.audioMeter.playTest(speaker).then(end('played'), end('failed'));
  }

  answerSpeakerTest(heard: boolean): void {
    if (this.#speakerTest.peek() !== 'played') return;
    this.#speakerTest.value = heard ? 'heard' : 'unheard';
  }

  switchCamera(): void {
    const camera = this.#ports.local.get('video');
    if (camera === undefined) return;
    const { facing, id } = camera;
    if (facing === 'user' || facing === 'environment') {
      const other = facing === 'user' ? 'environment' : 'user';
      void this.#replace('video', { facingMode: { exact: other } });
      return;
    }
    const next = nextDevice(this.lists.peek().cameras, id);
    if (next !== null) this.choose('camera', next);
  }

  takeOffer(): void {
    const news = this.#news.peek();
    this.#news.value = null;
    if (news?.news !== 'offered') return;
    for (const { kind, id } of news.devices) this.choose(kind, id);
  }

  dismissChange(): void {
    this.#news.value = null;
  }

  /** A track ended without being stopped by the page. */
  async ended(kind: Kind, device: LocalDevice): Promise<void> {
    await this.#lists.refresh();
    await this.#fallBack(kind, device);
  }

  async returned(kind: Kind, device: LocalDevice): Promise<void> {
    await this.#freshen(kind, device);
  }

  async #blur(camera: LocalDevice, on: boolean): Promise<void> {
    const { blurred } = camera;
    if (blurred === null || blurred === on) return;
    // If the browser refuses, the tracks still report the old state.
    await camera.blur(on).catch(() => {});
    this.#blurTurn.value += 1;
    // The switch may have changed while the browser worked.
    const wanted = this.#ports.blurs();
    if (wanted !== on) await this.#blur(camera, wanted);
  }

  /** Few browsers change it on an open microphone, so it is reopened. */
  #followNoise(): () => void {
    const { suppresses, local, reopen } = this.#ports;
    let before = untracked(suppresses);
    return effect(() => {
      const now = suppresses();
      if (now === before) return;
      before = now;
      const microphone = untracked(() => local.get('audio'));
      if (microphone !== undefined) void reopen('audio', microphone.again);
    });
  }

  #forgetSpeakerTest(): void {
    this.#speakerTurn += 1;
    this.#speakerTest.value = 'untried';
  }

  /** Phones open one camera at a time, so the old one is closed first. */
  async #replace(kind: Kind, which: MediaTrackConstraints): Promise<void> {
    const { local, reopen, changed } = this.#ports;
    const before = local.get(kind);
    if (before === undefined) return;
    const { again } = before;
    if (kind === 'video') before.stop();
    if (await reopen(kind, which)) return;
    // On failure, returns to the previous device unless another change came first.
    if (kind !== 'video' || local.get(kind) !== before) return;
    const failure = this.#ports.failure();
    await reopen(kind, again);
    if (local.get(kind) === before) before.interrupted = true;
    changed(failure);
  }

  #freshenAll(): void {
    for (const [kind, device] of this.#ports.local.all.peek()) {
      if (device.interrupted) void this.#freshen(kind, device);
    }
  }

  /** Replaces an interrupted track: some phones leave it silent or black without a flag. */
  async #freshen(kind: Kind, device: LocalDevice): Promise<void> {
    const { local, reopen, changed } = this.#ports;
    if ((await reopen(kind, device.again)) || local.get(kind) !== device) return;
    // No replacement is available; keep this one.
    device.interrupted = device.own.readyState === 'ended' || device.own.muted;
    changed();
  }

  /** Falls back to the next device after an unplug. */
  async #fallBack(kind: Kind, device: LocalDevice): Promise<void> {
    const { local, reopen } = this.#ports;
    const name = NAMES[kind];
    if (local.get(kind) !== device || this.#lists.has(name, device.id) !== false) return;
    const rest = devicesOf(this.#lists.listed.peek(), name);
    if (rest.length === 0 || !(await reopen(kind, {}))) return;
    const label = local.get(kind)?.own.label ?? '';
    this.#news.value = { news: 'replaced', device: name, label };
  }

  async #plugged(): Promise<void> {
    const added = await this.#lists.refresh();
    for (const [kind, device] of this.#ports.local.all.peek()) {
      const isBack = device.interrupted && added.some((each) => each.kind === NAMES[kind]);
      await (isBack ? this.#freshen(kind, device) : this.#fallBack(kind, device));
    }
    const { camera, microphone, speaker } = this.lists.peek();
    const offer = offerOf(added, [camera, microphone, speaker]);
    if (offer !== null) this.#news.value = offer;
  }
}

/** Aliases for the system's default device. */
const ALIASES: ReadonlySet<string> = new Set(['', 'default', 'communications']);

/** The first new unused device, with others of its group, such as a headset's two parts. */
function offerOf(
  added: readonly ListedDevice[],
  inUse: readonly (string | null)[],
): DeviceChange | null {
  const offered = added.filter(({ id }) => !ALIASES.has(id) && !inUse.includes(id));
  const [first] = offered;
  if (first === undefined) return null;
  const devices = offered.filter(
    (each, at) =>
      (each === first || (first.group !== '' && each.group === first.group)) &&
      offered.findIndex(({ kind, group }) => kind === each.kind && group === each.group) === at,
  );
  return { news: 'offered', label: first.label, devices };
}

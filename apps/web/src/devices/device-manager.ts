import { computed, effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
import type { AudioMeter, LoudnessListener } from './audio-meter.ts';
import type { DeviceAccess, ListedDevice } from './device-access.ts';
import type { DeviceChange, DeviceChoice, DeviceListsView, SpeakerTest } from './device-choice.ts';
import { DeviceLists, deviceListsViewOf, devicesOf, nextDevice } from './device-lists.ts';
import type { DeviceMemory } from './device-memory.ts';
import type { DeviceFailure } from './devices-view.ts';
import type { Kind, LocalDevice } from './local-device.ts';
import type { LocalDevices } from './local-devices.ts';
import type { OwnEffects } from './own-effects.ts';

export interface DeviceManagerPorts {
  readonly access: DeviceAccess;
  readonly audioMeter: AudioMeter;
  readonly memory: DeviceMemory;
  readonly local: LocalDevices;
  readonly effects: OwnEffects;
  /**
   * Returns whether the user's own picture is mirrored, and subscribes the caller to changes. The
   * next function subscribes the caller too.
   */
  readonly mirrored: () => boolean;
  readonly suppresses: () => boolean;
  readonly hidden: ReadonlySignal<boolean>;
  /**
   * Replaces the open camera or microphone.
   * @returns false if the new device failed to open or is no longer wanted
   */
  readonly reopen: (kind: Kind, which: MediaTrackConstraints) => Promise<boolean>;
  /**
   * Called when the state of the devices has changed. `failure` is shown to the user; with
   * `undefined` the shown failure stays.
   */
  readonly changed: (failure?: DeviceFailure | null) => void;
  readonly failure: () => DeviceFailure | null;
}

const NAMES = { video: 'camera', audio: 'microphone' } as const;
const KIND_OF = { camera: 'video', microphone: 'audio' } as const;

/**
 * Lets the user choose devices. Reacts when an open device is unplugged or interrupted and when a
 * device is plugged in.
 */
export class DeviceManager implements DeviceChoice {
  readonly lists: ReadonlySignal<DeviceListsView>;
  readonly sound: ReadonlySignal<MediaStream | null>;
  readonly mirrored: ReadonlySignal<boolean>;
  readonly #ports: DeviceManagerPorts;
  readonly #lists: DeviceLists;
  readonly #news = signal<DeviceChange | null>(null);
  readonly #speakerTest = signal<SpeakerTest>('untried');
  /**
   * Incremented when the user chooses another speaker, so that the result of a running speaker test
   * is ignored.
   */
  #speakerTurn = 0;
  readonly #speaker: ReturnType<typeof signal<string | null>>;
  #stops: readonly (() => void)[] = [];

  constructor(ports: DeviceManagerPorts) {
    const { access, memory, local, effects } = ports;
    this.#ports = ports;
    this.#lists = new DeviceLists(access);
    this.#speaker = signal(memory.chosen.speaker);
    this.lists = computed(() => {
      const inUse = local.all.value;
      const camera = inUse.get('video');
      const microphone = inUse.get('audio');
      return deviceListsViewOf(this.#lists.listed.value, {
        camera: camera?.id ?? null,
        microphone: microphone?.id ?? null,
        speaker: this.#speaker.value ?? null,
        choosesSpeaker: access.choosesSpeaker,
        blur: camera === undefined ? null : effects.blurOf(camera),
        strongNoise: microphone === undefined ? null : effects.denoises(microphone),
      });
    });
    this.sound = local.sound();
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

  /**
   * Called when new tracks are open. Browsers reveal the names of devices once the first tracks are
   * open.
   */
  taken(): void {
    const { access, hidden } = this.#ports;
    if (this.#stops.length === 0) {
      this.#stops = [
        access.onDevicesChange(() => void this.#plugged()),
        // When the page becomes visible, interrupted devices are opened again, because another
        // program may have released them.
        effect(() => {
          if (!hidden.value) this.#freshenAll();
        }),
        this.#ports.effects.follow(),
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
      // The last result of the speaker test was for another speaker, so the result is dropped.
      this.#forgetSpeakerTest();
    } else void this.#replace(KIND_OF[device], { deviceId: { exact: id } });
  }

  hear(listener: LoudnessListener): () => void {
    return this.#follow((sound) => this.#ports.audioMeter.measure(sound, listener));
  }

  hearMuted(listener: LoudnessListener): () => void {
    return this.#follow((sound) => {
      // The page reads silence from a muted track, so an unmuted clone is measured. The clone is
      // stopped afterwards.
      const twin = sound.clone();
      for (const track of twin.getTracks()) track.enabled = true;
      const stop = this.#ports.audioMeter.measure(twin, listener);
      return () => {
        stop();
        for (const track of twin.getTracks()) track.stop();
      };
    });
  }

  /** Calls `begin` with the microphone's stream, and again whenever the microphone changes. */
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

  /** Handles a track that ended although the page didn't stop it. */
  async ended(kind: Kind, device: LocalDevice): Promise<void> {
    await this.#lists.refresh();
    await this.#fallBack(kind, device);
  }

  async returned(kind: Kind, device: LocalDevice): Promise<void> {
    await this.#freshen(kind, device);
  }

  /**
   * Applies the setting for noise suppression when it changes. The microphone is opened again,
   * because few browsers can change noise suppression on an open one.
   */
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

  /**
   * Replaces the open device. An open camera is closed first, because a phone opens only one camera
   * at a time.
   */
  async #replace(kind: Kind, which: MediaTrackConstraints): Promise<void> {
    const { local, reopen, changed } = this.#ports;
    const before = local.get(kind);
    if (before === undefined) return;
    const { again } = before;
    if (kind === 'video') before.stop();
    if (await reopen(kind, which)) return;
    // If the new camera fails, the previous one is opened again, unless another change of the
    // camera came first.
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

  /**
   * Opens an interrupted device again, because on some phones its track stays silent or black
   * without an event.
   */
  async #freshen(kind: Kind, device: LocalDevice): Promise<void> {
    const { local, reopen, changed } = this.#ports;
    if ((await reopen(kind, device.again)) || local.get(kind) !== device) return;
    // The device couldn't be opened again, so the old track stays.
    device.interrupted = device.source.readyState === 'ended' || device.source.muted;
    changed();
  }

  /** Opens another device after the open one was unplugged. */
  async #fallBack(kind: Kind, device: LocalDevice): Promise<void> {
    const { local, reopen } = this.#ports;
    const name = NAMES[kind];
    if (local.get(kind) !== device || this.#lists.has(name, device.id) !== false) return;
    const rest = devicesOf(this.#lists.listed.peek(), name);
    if (rest.length === 0 || !(await reopen(kind, {}))) return;
    const label = local.get(kind)?.source.label ?? '';
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

/** Ids that stand for the system's default device. */
const ALIASES: ReadonlySet<string> = new Set(['', 'default', 'communications']);

/**
 * Returns the first new device that isn't in use, together with the new devices of the same group,
 * such as the two parts of a headset.
 */
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

import { type ReadonlySignal, signal } from '@preact/signals';
import type { LocalTracks } from '../call/rtc-handler.ts';
import type { DeviceFailure, DeviceState, DevicesView, DevicesWanted } from '../state/app-model.ts';
import { CONSTRAINTS, type DeviceAccess } from './device-access.ts';
import { deviceFailureOf, isOverconstrained } from './device-failure.ts';

const KINDS = ['video', 'audio'] as const;
type Kind = (typeof KINDS)[number];

/** One device in use: the track that the person sees, and its twin that the stranger gets. */
interface Device {
  readonly own: MediaStreamTrack;
  readonly sent: MediaStreamTrack;
  on: boolean;
  interrupted: boolean;
}

const BOTH: DevicesWanted = { camera: true, microphone: true };
const NONE: DevicesView = {
  state: 'not-asked',
  failure: null,
  camera: 'absent',
  microphone: 'absent',
};

/**
 * This person's camera and microphone: asked for, shown, switched, lost and got back.
 *
 * What is sent is a clone of what is shown, so that sending can stop at once (`enabled` works in
 * the same turn, no promise in between) while the person still sees their own picture.
 */
export class DevicesModel {
  readonly #access: DeviceAccess;
  readonly #view = signal(NONE);
  readonly #selfStream = signal<MediaStream | null>(null);
  readonly #devices = new Map<Kind, Device>();
  readonly #changed: () => void;
  #wanted = BOTH;
  /** Grows when what is being asked for is not wanted any more. */
  #generation = 0;
  #sending = true;
  #stopListening: (() => void) | null = null;

  /** @param changed is called when other tracks are to be sent, or their state is another. */
  constructor(access: DeviceAccess, changed: () => void) {
    this.#access = access;
    this.#changed = changed;
  }

  get view(): ReadonlySignal<DevicesView> {
    return this.#view;
  }

  /** The camera's picture, or null. */
  get selfStream(): ReadonlySignal<MediaStream | null> {
    return this.#selfStream;
  }

  /** What a call sends. */
  get tracks(): LocalTracks {
    return {
      audio: this.#devices.get('audio')?.sent ?? null,
      video: this.#devices.get('video')?.sent ?? null,
    };
  }

  /**
   * Asks for the devices; call it from a press. One at a time: a second one replaces the first.
   *
   * @returns whether they are there now; false also when nobody wants them any more
   */
  async ask(wanted: DevicesWanted = BOTH): Promise<boolean> {
    this.#generation += 1;
    const generation = this.#generation;
    const current = (): boolean => generation === this.#generation;
    this.#wanted = wanted;
    this.#listenForPermission(false);
    if (this.#access.support !== 'yes') {
      this.#show('failed', { kind: this.#access.support, device: deviceOf(wanted) });
      return false;
    }
    this.#show('asking', null);
    try {
      const stream = await this.#open(wanted);
      if (!current()) {
        for (const track of stream.getTracks()) track.stop();
        return false;
      }
      this.#take(stream);
      this.#show('ready', null);
      return true;
    } catch (error) {
      const failure = deviceFailureOf(error, await this.#facts(wanted));
      if (!current()) return false;
      // Devices that were there before stay: a restart that failed took nothing away.
      this.#show(this.#devices.size > 0 ? 'ready' : 'failed', failure);
      this.#listenForPermission(failure.kind === 'blocked');
      return false;
    }
  }

  /** Asks again for what was lost or refused. */
  restart(): Promise<boolean> {
    return this.ask(this.#wanted);
  }

  /** Lets go of everything: the camera's light goes out. */
  release(): void {
    this.#generation += 1;
    this.#listenForPermission(false);
    for (const kind of KINDS) this.#drop(kind);
    this.#selfStream.value = null;
    this.#show('not-asked', null);
  }

  toggle(kind: Kind): void {
    const device = this.#devices.get(kind);
    if (device === undefined || device.interrupted) return;
    device.on = !device.on;
    this.#apply();
  }

  /** Stops or allows sending, in this very turn, whatever the person's switches say. */
  setSending(sending: boolean): void {
    if (sending === this.#sending) return;
    this.#sending = sending;
    for (const kind of KINDS) this.#enable(kind);
  }

  async #open(wanted: DevicesWanted): Promise<MediaStream> {
    const { camera, microphone } = CONSTRAINTS;
    try {
      return await this.#access.open({
        video: wanted.camera && camera,
        audio: wanted.microphone && microphone,
      });
    } catch (error) {
      if (!isOverconstrained(error)) throw error;
      // Any camera is better than none of the right size.
      return await this.#access.open({ video: wanted.camera, audio: wanted.microphone });
    }
  }

  async #facts(wanted: DevicesWanted): Promise<Parameters<typeof deviceFailureOf>[1]> {
    const [camera, microphone, count] = await Promise.all([
      this.#access.permission('camera'),
      this.#access.permission('microphone'),
      this.#access.count(),
    ]);
    const { cameras, microphones } = count ?? { cameras: null, microphones: null };
    return { wanted, camera, microphone, cameras, microphones };
  }

  #take(stream: MediaStream): void {
    for (const kind of KINDS) {
      const own = stream.getTracks().find((track) => track.kind === kind);
      const before = this.#devices.get(kind);
      if (own === undefined) continue;
      this.#drop(kind);
      const device: Device = {
        own,
        sent: own.clone(),
        on: before?.on ?? true,
        interrupted: own.readyState === 'ended',
      };
      this.#devices.set(kind, device);
      const interrupt = (interrupted: boolean) => (): void => {
        if (this.#devices.get(kind) !== device) return;
        device.interrupted = interrupted;
        this.#apply();
      };
      own.addEventListener('ended', interrupt(true));
      own.addEventListener('mute', interrupt(true));
      own.addEventListener('unmute', interrupt(false));
      this.#enable(kind);
    }
    const camera = this.#devices.get('video');
    this.#selfStream.value = camera === undefined ? null : this.#access.stream([camera.own]);
  }

  #drop(kind: Kind): void {
    const device = this.#devices.get(kind);
    this.#devices.delete(kind);
    device?.own.stop();
    device?.sent.stop();
  }

  #enable(kind: Kind): void {
    const device = this.#devices.get(kind);
    if (device === undefined) return;
    device.own.enabled = device.on;
    device.sent.enabled = device.on && this.#sending;
  }

  #apply(): void {
    for (const kind of KINDS) this.#enable(kind);
    this.#show(this.#view.value.state, this.#view.value.failure);
  }

  #show(state: DevicesView['state'], failure: DeviceFailure | null): void {
    this.#view.value = {
      state,
      failure,
      camera: this.#stateOf('video'),
      microphone: this.#stateOf('audio'),
    };
    this.#changed();
  }

  #stateOf(kind: Kind): DeviceState {
    const device = this.#devices.get(kind);
    if (device === undefined) return 'absent';
    if (device.interrupted) return 'interrupted';
    return device.on ? 'on' : 'off';
  }

  /** A person who lifts a block in the browser's settings need not come back and press again. */
  #listenForPermission(listen: boolean): void {
    this.#stopListening?.();
    this.#stopListening = null;
    if (!listen) return;
    this.#stopListening = this.#access.onPermissionChange(() => {
      void this.#permissionChanged();
    });
  }

  async #permissionChanged(): Promise<void> {
    const generation = this.#generation;
    const [camera, microphone] = await Promise.all([
      this.#access.permission('camera'),
      this.#access.permission('microphone'),
    ]);
    const denied =
      (this.#wanted.camera && camera === 'denied') ||
      (this.#wanted.microphone && microphone === 'denied');
    if (!denied && generation === this.#generation) await this.ask(this.#wanted);
  }
}

function deviceOf({ camera, microphone }: DevicesWanted): DeviceFailure['device'] {
  if (camera && microphone) return 'both';
  return camera ? 'camera' : 'microphone';
}

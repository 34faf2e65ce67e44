import { type ReadonlySignal, signal } from '@preact/signals';
import type { KeyValueStore } from '../base/ports.ts';
import type { LocalTracks } from '../call/rtc-handler.ts';
import type { AudioMeter } from './audio-meter.ts';
import type { DeviceAccess } from './device-access.ts';
import type { DeviceChoice } from './device-choice.ts';
import { DeviceManager } from './device-manager.ts';
import { DeviceMemory } from './device-memory.ts';
import { type Opened, openDevices, type WhichDevices } from './device-opener.ts';
import {
  type DeviceFailure,
  type DevicePreferences,
  type DevicesView,
  type DevicesWanted,
  NO_DEVICES,
} from './devices-view.ts';
import type { Kind, LocalDevice } from './local-device.ts';
import { LocalDevices } from './local-devices.ts';
import { OwnEffects } from './own-effects.ts';
import { watchPermissions } from './permission-watch.ts';
import type { TrackEffects } from './track-effects.ts';

export interface DevicesPorts {
  readonly access: DeviceAccess;
  readonly audioMeter: AudioMeter;
  readonly effects: TrackEffects;
  readonly store: KeyValueStore;
  readonly preferences: ReadonlySignal<DevicePreferences>;
  readonly hidden: ReadonlySignal<boolean>;
  /** Called when other tracks must be sent, or when one of them was turned on or off. */
  readonly changed: () => void;
}

const BOTH: DevicesWanted = { camera: true, microphone: true };

export class DevicesModel {
  readonly selfStream: ReadonlySignal<MediaStream | null>;
  readonly #ports: DevicesPorts;
  readonly #local: LocalDevices;
  readonly #memory: DeviceMemory;
  readonly #care: DeviceManager;
  readonly #effects: OwnEffects;
  readonly #view = signal(NO_DEVICES);
  #wanted = BOTH;
  #stopWatching: () => void = () => {};
  /** Incremented to cancel a pending request for devices. */
  #generation = 0;
  /** Incremented to cancel a pending replacement of a device of this kind. */
  readonly #turns: Record<Kind, number> = { video: 0, audio: 0 };

  constructor(ports: DevicesPorts) {
    const { access, audioMeter, effects, store, preferences, hidden } = ports;
    this.#ports = ports;
    this.#local = new LocalDevices({
      stream: (tracks) => access.stream(tracks),
      startsOn: (kind) =>
        !preferences.value[kind === 'video' ? 'startsWithCameraOff' : 'startsMuted'],
      opened: (device) => this.#effects.opened(device),
      ended: (kind, device) => {
        this.#interrupt(device);
        void this.#care.ended(kind, device);
      },
      muted: (device) => this.#interrupt(device),
      unmuted: (kind, device) => void this.#care.returned(kind, device),
    });
    this.#effects = new OwnEffects({
      local: this.#local,
      effects,
      blurs: () => preferences.value.blursBackground,
      denoises: () => preferences.value.suppressesNoise === 'strong',
      changed: () => this.#apply(),
    });
    this.#memory = new DeviceMemory(store);
    this.#care = new DeviceManager({
      access,
      audioMeter,
      hidden,
      memory: this.#memory,
      local: this.#local,
      effects: this.#effects,
      mirrored: () => preferences.value.mirrored,
      suppresses: () => preferences.value.suppressesNoise !== false,
      reopen: (kind, which) => this.#reopen(kind, which),
      changed: (failure = this.#view.peek().failure) => this.#apply(failure),
      failure: () => this.#view.peek().failure,
    });
    this.selfStream = this.#local.picture();
  }

  get view(): ReadonlySignal<DevicesView> {
    return this.#view;
  }

  get choice(): DeviceChoice {
    return this.#care;
  }

  get tracks(): LocalTracks {
    return this.#local.tracks;
  }

  /**
   * Requests camera and microphone. Must be called in a user gesture. A second request cancels
   * the first.
   * @returns true if the devices are open; false if they failed or are no longer wanted
   */
  async ask(wanted: DevicesWanted = BOTH): Promise<boolean> {
    this.#generation += 1;
    const generation = this.#generation;
    const { access } = this.#ports;
    this.#wanted = wanted;
    this.#stopWatching();
    if (access.support !== 'yes') {
      this.#show('failed', { kind: access.support, device: 'both' });
      return false;
    }
    this.#show('asking', null);
    const opened = await this.#open(wanted, this.#memory.which);
    if (generation !== this.#generation) {
      if (opened.ok) stopTracks(opened.stream);
      return false;
    }
    if (opened.ok) {
      this.#take(opened.stream);
      this.#show('ready', null);
      return true;
    }
    // If devices were open before a request that failed, they stay open.
    this.#show(this.#local.all.peek().size > 0 ? 'ready' : 'failed', opened.failure);
    if (opened.failure.kind === 'blocked') {
      this.#stopWatching = watchPermissions(access, wanted, () => void this.ask(wanted));
    }
    return false;
  }

  restart(): Promise<boolean> {
    return this.ask(this.#wanted);
  }

  /**
   * Closes all devices.
   * @param keepsSwitches whether devices that were off are off when they are opened again
   */
  release(keepsSwitches = false): void {
    this.#generation += 1;
    this.#stopWatching();
    this.#care.stop();
    this.#local.release(keepsSwitches);
    this.#show('not-asked', null);
  }

  /** Closes one device. The other stays open. */
  close(kind: Kind): void {
    this.#turns[kind] += 1;
    if (this.#local.close(kind)) this.#show(this.#view.peek().state, null);
  }

  forgetChoices(): void {
    this.#memory.forget();
  }

  toggle(kind: Kind): void {
    this.setOn(kind, this.#local.get(kind)?.on === false);
  }

  setOn(kind: Kind, on: boolean): void {
    const device = this.#local.get(kind);
    if (device === undefined || device.interrupted) return;
    device.on = on;
    if (on) this.#effects.retry(device);
    this.#apply();
  }

  setSending(sending: boolean): void {
    this.#local.setSending(sending);
  }

  /**
   * Replaces one open device.
   * @returns false if the new device failed to open or is no longer wanted
   */
  async #reopen(kind: Kind, which: MediaTrackConstraints): Promise<boolean> {
    if (this.#view.peek().state !== 'ready') return false;
    this.#turns[kind] += 1;
    const turn = this.#turns[kind];
    const generation = this.#generation;
    const wanted = { camera: kind === 'video', microphone: kind === 'audio' };
    const opened = await this.#open(wanted, { [kind]: which });
    if (turn !== this.#turns[kind] || generation !== this.#generation) {
      if (opened.ok) stopTracks(opened.stream);
      return false;
    }
    if (opened.ok) {
      this.#take(opened.stream);
    }
    this.#show('ready', opened.ok ? null : opened.failure);
    return opened.ok;
  }

  /**
   * Opens devices, with background blur and noise suppression if the user chose them and the
   * browser supports them.
   */
  #open(wanted: DevicesWanted, which: WhichDevices): Promise<Opened> {
    const { access, preferences } = this.#ports;
    const { blursBackground, suppressesNoise } = preferences.peek();
    return openDevices(access, wanted, {
      ...which,
      ...(blursBackground && { video: { ...which.video, backgroundBlur: true } }),
      ...(!suppressesNoise && { audio: { ...which.audio, noiseSuppression: false } }),
    });
  }

  #take(stream: MediaStream): void {
    this.#local.take(stream);
    this.#care.taken();
  }

  /**
   * An earlier failure to open a device doesn't explain the interruption, so the failure is hidden.
   */
  #interrupt(device: LocalDevice): void {
    device.interrupted = true;
    this.#apply(null);
  }

  #apply(failure = this.#view.peek().failure): void {
    this.#local.apply();
    this.#show(this.#view.peek().state, failure);
  }

  #show(state: DevicesView['state'], failure: DeviceFailure | null): void {
    this.#view.value = {
      state,
      failure,
      camera: this.#local.stateOf('video'),
      microphone: this.#local.stateOf('audio'),
    };
    this.#ports.changed();
  }
}

function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

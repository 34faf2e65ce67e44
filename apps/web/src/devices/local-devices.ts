import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { LocalTracks } from '../call/rtc-handler.ts';
import type { DeviceAccess } from './device-access.ts';
import type { DeviceState } from './devices-view.ts';
import { type Kind, LocalDevice } from './local-device.ts';
import type { TrackEffect } from './track-effects.ts';

export interface LocalDevicesPorts {
  readonly stream: DeviceAccess['stream'];
  readonly startsOn: (kind: Kind) => boolean;
  /** Called with a new device before its track is sent. */
  readonly opened: (device: LocalDevice) => void;
  /** Called when the system ends the track of a device that this page still uses. */
  readonly ended: (kind: Kind, device: LocalDevice) => void;
  readonly muted: (device: LocalDevice) => void;
  readonly unmuted: (kind: Kind, device: LocalDevice) => void;
}

export class LocalDevices {
  readonly #ports: LocalDevicesPorts;
  readonly #all = signal<ReadonlyMap<Kind, LocalDevice>>(new Map());
  #sending = true;
  /**
   * The kinds of devices that the user had turned off when the devices were closed. They are off
   * when they are opened again.
   */
  #switchedOff: ReadonlySet<Kind> = new Set();

  constructor(ports: LocalDevicesPorts) {
    this.#ports = ports;
  }

  get all(): ReadonlySignal<ReadonlyMap<Kind, LocalDevice>> {
    return this.#all;
  }

  get(kind: Kind): LocalDevice | undefined {
    return this.#all.peek().get(kind);
  }

  get tracks(): LocalTracks {
    return { audio: this.get('audio')?.sent ?? null, video: this.get('video')?.sent ?? null };
  }

  /** Returns the stream for showing the user's own picture, or `null` while no camera is open. */
  picture(): ReadonlySignal<MediaStream | null> {
    return this.#streamOf('video', ({ own }) => own);
  }

  /**
   * Returns the stream for measuring loudness, or `null` while no microphone is open. An effect gets
   * no sound of a muted microphone, so the sound before the effect is measured.
   */
  sound(): ReadonlySignal<MediaStream | null> {
    return this.#streamOf('audio', ({ source }) => source);
  }

  #streamOf(
    kind: Kind,
    trackOf: (device: LocalDevice) => MediaStreamTrack,
  ): ReadonlySignal<MediaStream | null> {
    return computed(() => {
      const device = this.#all.value.get(kind);
      return device === undefined ? null : this.#ports.stream([trackOf(device)]);
    });
  }

  stateOf(kind: Kind): DeviceState {
    const device = this.get(kind);
    if (device === undefined) return 'absent';
    if (device.interrupted) return 'interrupted';
    return device.on ? 'on' : 'off';
  }

  /**
   * Replaces the tracks of the kinds that the stream contains. The devices stay on or off as
   * before.
   */
  take(stream: MediaStream): void {
    const { startsOn, opened, ended, muted, unmuted } = this.#ports;
    const all = new Map(this.#all.peek());
    for (const source of stream.getTracks()) {
      const kind = source.kind === 'video' ? 'video' : 'audio';
      const before = all.get(kind);
      const on = before?.on ?? (startsOn(kind) && !this.#switchedOff.has(kind));
      const device = new LocalDevice(source, on);
      opened(device);
      before?.stop();
      all.set(kind, device);
      device.enable(this.#sending);
      const listen = (event: 'ended' | 'mute' | 'unmute', heard: () => void): void =>
        source.addEventListener(event, () => {
          if (this.get(kind) === device) heard();
        });
      listen('ended', () => ended(kind, device));
      listen('mute', () => muted(device));
      listen('unmute', () => unmuted(kind, device));
    }
    this.#all.value = all;
  }

  /** Replaces the effect of a device; `null` ends it. */
  use(device: LocalDevice, effect: TrackEffect | null): void {
    device.use(effect);
    device.enable(this.#sending);
    if (this.get(device.kind) === device) this.#all.value = new Map(this.#all.peek());
  }

  release(keepsSwitches: boolean): void {
    const all = this.#all.peek();
    const off = keepsSwitches ? [...all].filter(([, { on }]) => !on) : [];
    this.#switchedOff = new Set(off.map(([kind]) => kind));
    for (const device of all.values()) device.stop();
    this.#all.value = new Map();
  }

  /** @returns false if the device wasn't open */
  close(kind: Kind): boolean {
    const all = new Map(this.#all.peek());
    all.get(kind)?.stop();
    const wasOpen = all.delete(kind);
    if (wasOpen) this.#all.value = all;
    return wasOpen;
  }

  /** Allows or stops sending at once. A device that the user turned off is never sent. */
  setSending(sending: boolean): void {
    this.#sending = sending;
    this.apply();
  }

  apply(): void {
    for (const device of this.#all.peek().values()) device.enable(this.#sending);
  }
}

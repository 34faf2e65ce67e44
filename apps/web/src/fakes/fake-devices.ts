import type { DeviceAccess, ListedDevice } from '../devices/device-access.ts';
import { FakeStream, FakeTrack } from './fake-media.ts';

const NAMES = { video: 'camera', audio: 'microphone' } as const;

export function listed(kind: ListedDevice['kind'], id: string, group = id): ListedDevice {
  return { kind, id, label: `${kind} ${id}`, group };
}

/** A fake `DeviceAccess`. Each call of `open` returns new tracks, or fails if a test says so. */
export class FakeDevices implements DeviceAccess {
  support: DeviceAccess['support'] = 'yes';
  choosesSpeaker = true;
  readonly asked: MediaStreamConstraints[] = [];
  failures: unknown[] = [];
  permissions: Record<'camera' | 'microphone', PermissionState | null> = {
    camera: 'prompt',
    microphone: 'prompt',
  };
  /** The connected devices, or `null` to imitate a browser that can't list devices. */
  there: readonly ListedDevice[] | null = [
    listed('camera', 'c1', 'laptop'),
    listed('microphone', 'm1', 'laptop'),
    listed('speaker', 's1', 'laptop'),
  ];
  readonly facing = new Map<string, string>();
  canBlur = false;
  given: FakeTrack[] = [];
  /** If set, `open` resolves only after this promise. */
  gate: Promise<void> | null = null;
  readonly #permissionListeners = new Set<() => void>();
  readonly #plugListeners = new Set<() => void>();

  async open(constraints: MediaStreamConstraints): Promise<MediaStream> {
    this.asked.push(constraints);
    await this.gate;
    if (this.failures.length > 0) throw this.failures.shift();
    this.given = (['audio', 'video'] as const).flatMap((kind) => {
      const wanted = constraints[kind] ?? false;
      return wanted === false ? [] : [this.#track(kind, wanted === true ? {} : wanted)];
    });
    this.permissions = { camera: 'granted', microphone: 'granted' };
    return new FakeStream(this.given);
  }

  #track(kind: 'audio' | 'video', wanted: MediaTrackConstraints): FakeTrack {
    const ofKind = (this.there ?? []).filter((device) => device.kind === NAMES[kind]);
    const { deviceId, facingMode } = wanted;
    const id = named(deviceId, 'exact');
    const facing = named(facingMode, 'exact');
    const exact = ofKind.find(
      (device) =>
        (id !== undefined && device.id === id) ||
        (facing !== undefined && this.facing.get(device.id) === facing),
    );
    if (exact === undefined && (id ?? facing) !== undefined) {
      throw deviceError('OverconstrainedError');
    }
    const device =
      exact ?? ofKind.find((each) => each.id === named(deviceId, 'ideal')) ?? ofKind[0];
    const track = new FakeTrack(kind, device?.label);
    const looks = this.facing.get(device?.id ?? '');
    if (device !== undefined) {
      track.settings = {
        deviceId: device.id,
        ...(looks === undefined ? {} : { facingMode: looks }),
      };
    }
    if (this.canBlur && kind === 'video') {
      track.capabilities = { backgroundBlur: [false, true] };
      track.settings.backgroundBlur = wanted.backgroundBlur === true;
    }
    return track;
  }

  permission(device: 'camera' | 'microphone'): Promise<PermissionState | null> {
    return Promise.resolve(this.permissions[device]);
  }

  onPermissionChange(changed: () => void): () => void {
    this.#permissionListeners.add(changed);
    return () => this.#permissionListeners.delete(changed);
  }

  setPermission(state: PermissionState): void {
    this.permissions = { camera: state, microphone: state };
    for (const changed of this.#permissionListeners) changed();
  }

  list(): Promise<readonly ListedDevice[] | null> {
    return Promise.resolve(this.there);
  }

  onDevicesChange(changed: () => void): () => void {
    this.#plugListeners.add(changed);
    return () => this.#plugListeners.delete(changed);
  }

  plugIn(...devices: readonly ListedDevice[]): void {
    this.there = [...(this.there ?? []), ...devices];
    for (const changed of this.#plugListeners) changed();
  }

  /** Unplugs a device. Its tracks end before the list of devices changes, as in browsers. */
  plugOut(id: string): void {
    this.there = (this.there ?? []).filter((device) => device.id !== id);
    for (const track of this.given) if (track.settings.deviceId === id) track.end();
    for (const changed of this.#plugListeners) changed();
  }

  get listeners(): number {
    return this.#permissionListeners.size;
  }

  get plugListeners(): number {
    return this.#plugListeners.size;
  }

  stream(tracks: readonly MediaStreamTrack[]): MediaStream {
    return new FakeStream(tracks);
  }

  track(kind: 'audio' | 'video'): FakeTrack {
    const track = this.given.find((candidate) => candidate.kind === kind);
    if (track === undefined) throw new Error(`no ${kind} was given`);
    return track;
  }
}

function named(
  constraint: ConstrainDOMString | undefined,
  how: 'exact' | 'ideal',
): string | undefined {
  if (typeof constraint !== 'object' || Array.isArray(constraint)) return undefined;
  const value = constraint[how];
  return typeof value === 'string' ? value : undefined;
}

export function deviceError(name: string, message = ''): Error {
  return Object.assign(new Error(message), { name });
}

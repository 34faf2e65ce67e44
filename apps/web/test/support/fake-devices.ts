import type { DeviceAccess } from '../../src/devices/device-access.ts';
import { FakeStream, FakeTrack } from '../../src/devices/fake-media.ts';

/** A browser's devices, scripted: each `open` gives fresh tracks, or fails as it is told. */
export class FakeDevices implements DeviceAccess {
  support: DeviceAccess['support'] = 'yes';
  readonly asked: MediaStreamConstraints[] = [];
  /** What the next `open`s reject with, one each. */
  failures: unknown[] = [];
  permissions: Record<'camera' | 'microphone', PermissionState | null> = {
    camera: 'prompt',
    microphone: 'prompt',
  };
  counts: { cameras: number; microphones: number } | null = { cameras: 1, microphones: 1 };
  /** The tracks given last. */
  given: FakeTrack[] = [];
  /** While set, `open` waits for it. */
  gate: Promise<void> | null = null;
  readonly #listeners = new Set<() => void>();

  async open(constraints: MediaStreamConstraints): Promise<MediaStream> {
    this.asked.push(constraints);
    await this.gate;
    if (this.failures.length > 0) throw this.failures.shift();
    const { audio, video } = constraints;
    this.given = [
      ...(audio === false ? [] : [new FakeTrack('audio')]),
      ...(video === false ? [] : [new FakeTrack('video')]),
    ];
    this.permissions = { camera: 'granted', microphone: 'granted' };
    return new FakeStream(this.given);
  }

  permission(device: 'camera' | 'microphone'): Promise<PermissionState | null> {
    return Promise.resolve(this.permissions[device]);
  }

  onPermissionChange(changed: () => void): () => void {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  }

  /** The person changes the site's setting. */
  setPermission(state: PermissionState): void {
    this.permissions = { camera: state, microphone: state };
    for (const changed of this.#listeners) changed();
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  count(): Promise<{ cameras: number; microphones: number } | null> {
    return Promise.resolve(this.counts);
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

/** An error as `getUserMedia` rejects with. */
export function deviceError(name: string, message = ''): Error {
  return Object.assign(new Error(message), { name });
}

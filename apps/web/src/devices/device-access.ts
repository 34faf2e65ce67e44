import type { DevicesWanted } from './devices-view.ts';

/** A device in the browser's list. Its id and label are empty until the site has permission. */
export interface ListedDevice {
  readonly kind: 'camera' | 'microphone' | 'speaker';
  readonly id: string;
  readonly label: string;
  /** An id shared by all parts of one physical device, such as a headset. */
  readonly group: string;
}

export interface DeviceAccess {
  readonly support: 'yes' | 'unsupported';
  readonly choosesSpeaker: boolean;
  /** Opens the devices. Rejects with the errors of `getUserMedia`. */
  open(constraints: MediaStreamConstraints): Promise<MediaStream>;
  /** Returns `null` if the browser doesn't reveal the permission. */
  permission(device: keyof DevicesWanted): Promise<PermissionState | null>;
  /** @returns a function that stops listening */
  onPermissionChange(changed: () => void): () => void;
  /** Returns `null` if the browser can't list devices. */
  list(): Promise<readonly ListedDevice[] | null>;
  onDevicesChange(changed: () => void): () => void;
  stream(tracks: readonly MediaStreamTrack[]): MediaStream;
}

/**
 * 640 × 480 at 30 fps: every camera supports it, and it is enough for half a screen. Its first key
 * frame is small, so the picture appears soon.
 */
export const CONSTRAINTS = {
  camera: { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 } },
  microphone: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
} as const;

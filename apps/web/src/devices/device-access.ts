import type { DevicesWanted } from './devices-view.ts';

/** Id and label are empty until the site has permission. */
export interface ListedDevice {
  readonly kind: 'camera' | 'microphone' | 'speaker';
  readonly id: string;
  readonly label: string;
  /** Shared by the parts of one physical device, such as a headset. */
  readonly group: string;
}

export interface DeviceAccess {
  readonly support: 'yes' | 'unsupported';
  readonly choosesSpeaker: boolean;
  /** Rejects like `getUserMedia`. */
  open(constraints: MediaStreamConstraints): Promise<MediaStream>;
  /** Null where the browser doesn't tell. */
  permission(device: keyof DevicesWanted): Promise<PermissionState | null>;
  /** @returns a function that stops listening */
  onPermissionChange(changed: () => void): () => void;
  /** Null where the browser doesn't tell. */
  list(): Promise<readonly ListedDevice[] | null>;
  onDevicesChange(changed: () => void): () => void;
  stream(tracks: readonly MediaStreamTrack[]): MediaStream;
}

/**
 * 640 × 480 at 30 fps: supported by every camera, enough for half a screen, and its small first key
 * frame makes the picture appear soon.
 */
export const CONSTRAINTS = {
  camera: { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 } },
  microphone: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
} as const;

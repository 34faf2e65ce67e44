import type { DevicesWanted } from './devices-view.ts';

/**
 * A device in the browser's list. Until the site has permission, the id and the label are empty.
 */
export interface ListedDevice {
  readonly kind: 'camera' | 'microphone' | 'speaker';
  readonly id: string;
  readonly label: string;
  /**
   * Group id of the device. All parts of one physical device, such as a headset, have the same
   * group id.
   */
  readonly group: string;
}

export interface DeviceAccess {
  readonly support: 'yes' | 'unsupported';
  readonly choosesSpeaker: boolean;
  /** Opens camera and microphone. Rejects with the errors of `getUserMedia`. */
  open(constraints: MediaStreamConstraints): Promise<MediaStream>;
  /**
   * Returns the state of the permission for a device, or `null` if the browser doesn't reveal it.
   */
  permission(device: keyof DevicesWanted): Promise<PermissionState | null>;
  /**
   * Calls `changed` when a permission changes.
   * @returns a function that stops this
   */
  onPermissionChange(changed: () => void): () => void;
  /** Returns the connected devices, or `null` if the browser can't list them. */
  list(): Promise<readonly ListedDevice[] | null>;
  onDevicesChange(changed: () => void): () => void;
  stream(tracks: readonly MediaStreamTrack[]): MediaStream;
}

/**
 * Constraints for the camera and the microphone. Every camera supports 640 × 480 at 30 fps, which
 * is enough for half a screen. The first key frame is small, so the picture appears soon.
 */
export const CONSTRAINTS = {
  camera: { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 } },
  microphone: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
} as const;

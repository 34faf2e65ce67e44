import type { DevicesWanted } from './devices-view.ts';

/** A device as the browser lists it. Id and label are empty until the site may use one. */
export interface ListedDevice {
  readonly kind: 'camera' | 'microphone' | 'speaker';
  readonly id: string;
  readonly label: string;
  /** The same for what is one thing to a person, such as a headset's two halves. */
  readonly group: string;
}

/** What the page needs of the browser to use a camera and a microphone. */
export interface DeviceAccess {
  readonly support: 'yes' | 'unsupported';
  /** Whether the page may say which speaker plays. */
  readonly choosesSpeaker: boolean;
  /** Rejects as `getUserMedia` does. */
  open(constraints: MediaStreamConstraints): Promise<MediaStream>;
  /** Null where the browser does not say. */
  permission(device: keyof DevicesWanted): Promise<PermissionState | null>;
  /** Calls back whenever a permission changes. @returns a function that stops listening. */
  onPermissionChange(changed: () => void): () => void;
  /** What there is; null where the browser does not say. */
  list(): Promise<readonly ListedDevice[] | null>;
  /** Calls back when something was plugged in or out. @returns a function that stops listening. */
  onDevicesChange(changed: () => void): () => void;
  /** A stream of these tracks, for a preview. */
  stream(tracks: readonly MediaStreamTrack[]): MediaStream;
}

/**
 * 640 × 480 at 30 frames a second: every camera has it, it is as much as half a screen shows, and
 * its first key frame is small, so that a picture comes soon. Sound as for speech.
 */
export const CONSTRAINTS = {
  camera: { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 } },
  microphone: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
} as const;
